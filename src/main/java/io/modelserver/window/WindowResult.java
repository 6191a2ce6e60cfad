package io.modelserver.window;

import io.modelserver.inference.Tensor;

/** What a window makes of a step. */
public sealed interface WindowResult {

    /**
     * The window can be predicted on.
     *
     * @param window shape {@code [T, F]}, the oldest step first
     * @param filled share of the window that are steps of their own, 1 unless the first
     * one is repeated
     */
    record Ready(Tensor window, double filled) implements WindowResult {
    }

    /**
     * The step is kept, but more are needed.
     *
     * @param have steps that are there
     * @param need steps that the model looks at
     */
    record Filling(int have, int need) implements WindowResult {
    }

    /**
     * The step is older than the last one and was left out.
     *
     * @param lastTimestampMillis the time of the last one
     */
    record Stale(long lastTimestampMillis) implements WindowResult {
    }

}
