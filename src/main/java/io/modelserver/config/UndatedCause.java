package io.modelserver.config;

import java.time.Instant;

import io.modelserver.trading.StepTimestamp;

/**
 * Why the {@code timestamp} of a recorded request counts for nothing, so that the time at
 * which the request came takes its place.
 */
enum UndatedCause {

    /** It is no time. */
    UNREADABLE("can't be read: expected milliseconds since 1970 or an ISO-8601 time with an offset"),

    /** It is before the year 2000. */
    TOO_EARLY("is before the year 2000"),

    /** It is more than an hour ahead. */
    AHEAD("is more than an hour ahead");

    private final String sentence;

    UndatedCause(String sentence) {
        this.sentence = sentence;
    }

    /**
     * {@return why a time that was refused was}
     */
    static UndatedCause of(long millis, Instant now) {
        if (millis == StepTimestamp.UNREADABLE) {
            return UNREADABLE;
        }
        return (millis > now.toEpochMilli()) ? AHEAD : TOO_EARLY;
    }

    String sentence() {
        return sentence;
    }

}
