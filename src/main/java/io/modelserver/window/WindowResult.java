package io.modelserver.window;

import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/** The result of adding a step to a window. */
public sealed interface WindowResult {

    /**
     * The window can be predicted on.
     *
     * @param window shape {@code [T, F]}, the oldest step first
     * @param coverage how much of it is there
     */
    record Ready(Tensor window, WindowCoverage coverage) implements WindowResult {
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
