package io.modelserver.front.json;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The present as answers show it: ISO-8601 in UTC with milliseconds. */
public final class Timestamps {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'")
        .withZone(ZoneOffset.UTC);

    private final Clock clock;

    /**
     * Creates timestamps.
     * @param clock what the present is taken from
     */
    public Timestamps(Clock clock) {
        this.clock = clock;
    }

    /**
     * {@return the present, e.g. {@code 2026-01-02T03:04:05.678Z}}
     */
    public String now() {
        return text(clock.instant());
    }

    /**
     * {@return a time as answers show it, cut off to the millisecond}
     * @param time any
     */
    public static String text(Instant time) {
        return FORMAT.format(time);
    }

}
