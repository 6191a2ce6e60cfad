package io.modelserver.web;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as callers write and read them: {@code 90s}, {@code 15m}, {@code 1h}.
 */
final class Periods {

    private static final Pattern PERIOD = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private static final long MILLIS_PER_SECOND = 1_000;

    private static final long MILLIS_PER_MINUTE = 60_000;

    private static final long MILLIS_PER_HOUR = 3_600_000;

    private static final long MILLIS_PER_DAY = 86_400_000;

    private Periods() {
    }

    /**
     * {@return the length of time, empty if it is not written as one}
     */
    static Optional<Duration> parse(String text) {
        Matcher matcher = PERIOD.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(Duration.ofMillis(count * switch (matcher.group(2)) {
            case "ms" -> 1;
            case "s" -> MILLIS_PER_SECOND;
            case "m" -> MILLIS_PER_MINUTE;
            case "h" -> MILLIS_PER_HOUR;
            default -> MILLIS_PER_DAY;
        }));
    }

    /**
     * {@return the length in the largest unit that it is whole numbers of, days left out}
     */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % MILLIS_PER_HOUR == 0) {
            return millis / MILLIS_PER_HOUR + "h";
        }
        if (millis % MILLIS_PER_MINUTE == 0) {
            return millis / MILLIS_PER_MINUTE + "m";
        }
        return (millis % MILLIS_PER_SECOND == 0) ? millis / MILLIS_PER_SECOND + "s" : millis + "ms";
    }

}
