package io.modelserver.trading;

import io.modelserver.window.WindowStatus;
import org.jspecify.annotations.Nullable;

/** How the filling of a window ended. */
public sealed interface HistoryResult {

    /**
     * The steps are kept.
     *
     * @param window as it is now
     * @param dropped how many steps of the history were left out
     * @param reason why, null if none were
     */
    record Kept(WindowStatus window, int dropped, @Nullable String reason) implements HistoryResult {
    }

    /**
     * Nothing has changed.
     *
     * @param refusal why
     */
    record Refused(PredictionResult.Refused refusal) implements HistoryResult {
    }

}
