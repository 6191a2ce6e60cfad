package io.modelserver.window;

import java.util.List;

import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/** The result of adding a step to a window. */
public sealed interface WindowResult {

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
