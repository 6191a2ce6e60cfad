package io.modelserver.window;

import java.util.List;
import java.util.stream.Stream;

import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/** The result of adding a step to a window. */
public sealed interface WindowResult {

    /**
     * {@return whether the step was left out}
     */
    default boolean isRefusal() {
        return switch (this) {
            case Ready ready -> false;
            case Filling filling -> false;
            case Stale stale -> true;
            case Ahead ahead -> true;
            case Full full -> true;
        };
    }

    /**
     * Reports this window and another as one.
     * @param other the other, which holds order books
     * @return why a step was left out; else both windows to predict on or, of two that
     * are not full, what the one says that lacks more steps
     */
    default WindowResult and(WindowResult other) {
        return switch (this) {
            case Stale stale -> stale;
            case Ahead ahead -> ahead;
            case Full full -> full;
            case Filling filling ->
                (other instanceof Ready || (other instanceof Filling both && both.lacks() <= filling.lacks())) ? filling
                        : other;
            case Ready ready -> (other instanceof Ready(List<Tensor> windows, WindowCoverage coverage))
                    ? new Ready(Stream.concat(ready.windows.stream(), windows.stream()).toList(),
                            ready.coverage.and(coverage))
                    : other;
        };
    }

    /**
     * The windows that the step or steps went to can be predicted on.
     *
     * @param windows shape {@code [T, F]}, the oldest step first; of two, that of
     * features first
     * @param coverage how much of them is there
     */
    record Ready(List<Tensor> windows, WindowCoverage coverage) implements WindowResult {

        /** Takes a copy of the list. */
        public Ready {
            windows = List.copyOf(windows);
        }

        /**
         * {@return the first of them}
         */
        public Tensor window() {
            return windows.getFirst();
        }

    }

    /**
     * The step is kept, but more are needed.
     *
     * @param have steps that are there
     * @param need steps that the model looks at
     * @param restart why earlier steps were dropped, null if none were
     */
    record Filling(int have, int need, @Nullable String restart) implements WindowResult {

        private int lacks() {
            return need - have;
        }

    }

    /**
     * The step is older than the last one and was left out.
     *
     * @param lastTimestampMillis the time of the last one
     * @param aheadMillis how far that lies ahead of the clock; not positive if it does
     * not
     * @param conflict whether another caller seems to feed the window with later steps
     */
    record Stale(long lastTimestampMillis, long aheadMillis, boolean conflict) implements WindowResult {
    }

    /**
     * The step lies too far ahead of the clock and was left out.
     *
     * @param limitMillis how far ahead one may lie
     */
    record Ahead(long limitMillis) implements WindowResult {
    }

    /**
     * There is no room for the window of a series that has none yet.
     *
     * @param limit the setting that says how much room there is, and its value
     */
    record Full(String limit) implements WindowResult {
    }

}
