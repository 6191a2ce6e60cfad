package io.modelserver.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * When the market was as a request describes it. Requests that hold a whole window may
 * call anything {@code timestamp}: what can't be such a time is ignored, and the time of
 * arrival is used instead.
 */
public final class EventTime {

    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /**
     * No more than the shortest block of time of an analysis, so that no block is of the
     * future.
     */
    private static final Duration AHEAD = Duration.ofHours(1);

    private EventTime() {
    }

    /**
     * Uses the time of a request.
     * @param millis milliseconds since 1970, empty if it does not tell
     * @param now the present
     * @return the time; null if the request has none, or the time is before the year 2000
     * or more than an hour ahead
     */
    public static @Nullable Instant of(OptionalLong millis, Instant now) {
        if (millis.isEmpty() || millis.getAsLong() < EARLIEST.toEpochMilli()
                || millis.getAsLong() > now.plus(AHEAD).toEpochMilli()) {
            return null;
        }
        return Instant.ofEpochMilli(millis.getAsLong());
    }

}
