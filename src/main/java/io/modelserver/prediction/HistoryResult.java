package io.modelserver.prediction;

import io.modelserver.window.WindowStatus;

/** How the filling of a window ended. */
public sealed interface HistoryResult {

    /**
     * The steps are kept.
     *
     * @param window as it is now
     */
    record Kept(WindowStatus window) implements HistoryResult {
    }

    /**
     * Nothing has changed.
     *
     * @param refusal why
     */
    record Refused(PredictionResult.Refused refusal) implements HistoryResult {
    }

}
