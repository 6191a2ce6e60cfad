package io.modelserver.front.json;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as callers write and read them: {@code 90s}, {@code 15m}, {@code 1h}.
 * ISO-8601 is read as well.
 */
public final class Periods {

    private static final Pattern PERIOD = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

    private static final long MILLIS_PER_SECOND = 1_000;

    private static final long MILLIS_PER_MINUTE = 60_000;

    private static final long MILLIS_PER_HOUR = 3_600_000;

    private static final long MILLIS_PER_DAY = 86_400_000;

    private Periods() {
    }

    /**
     * {@return the length of time in whole milliseconds, empty if it is not written as
     * one; as ISO-8601 has it ({@code PT1H}) will do too}
     * @param text e.g. {@code 4h} or {@code 500ms}
     */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = PERIOD.matcher(text);
        if (!matcher.matches()) {
            return parseIso(text);
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

    private static Optional<Duration> parseIso(String text) {
        try {
            return Optional.of(Duration.parse(text).truncatedTo(ChronoUnit.MILLIS));
        }
        catch (DateTimeException | ArithmeticException ex) {
            return Optional.empty();
        }
    }

    /**
     * {@return the length as {@link #text} has it, or as ISO-8601 does if the other text
     * is written so}
     * @param other a text that {@link #parse} takes
     * @param duration of whole milliseconds
     */
    public static String textLike(String other, Duration duration) {
        return PERIOD.matcher(other).matches() ? text(duration) : duration.toString();
    }

    /**
     * {@return the length in the largest unit that it is whole numbers of, days left out}
     * @param duration of whole milliseconds
     */
    public static String text(Duration duration) {
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
