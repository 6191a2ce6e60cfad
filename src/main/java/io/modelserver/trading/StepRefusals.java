package io.modelserver.trading;

import io.modelserver.window.WindowResult;

/** What callers are told about steps that no window accepted. */
final class StepRefusals {

    private StepRefusals() {
    }

    static String describe(String series, WindowResult.Stale stale) {
        String ahead = (stale.aheadMillis() > 0)
                ? ", and lies %s s ahead of the server's clock".formatted(stale.aheadMillis() / 1e3) : "";
        String conflict = stale.conflict()
                ? "; another caller seems to feed the same window: send a timeframe or window_key of your own" : "";
        return "the step is older than the last one of %s, which is of %d%s%s".formatted(series,
                stale.lastTimestampMillis(), ahead, conflict);
    }

    static String full(String series, String limit) {
        return "there is no room for a window of %s: %s".formatted(series, limit);
    }

    /** A time that makes no sense in milliseconds. */
    static InvalidFeaturesException tooEarly(String field, long timestamp) {
        return new InvalidFeaturesException("%s %d: expected milliseconds since 1970, this is before 1973%s"
            .formatted(field, timestamp, StepTimestamp.unitGuess(timestamp)));
    }

    static InvalidFeaturesException ahead(String field, long timestamp, long nowMillis, long limitMillis) {
        return new InvalidFeaturesException(
                ("%s %d lies in the future%s: the server's clock says %d (milliseconds since 1970), and a step may lie at "
                        + "most %s s ahead (modelserver.window.max-ahead and one period)")
                    .formatted(field, timestamp, StepTimestamp.unitGuess(timestamp), nowMillis, limitMillis / 1000));
    }

}
