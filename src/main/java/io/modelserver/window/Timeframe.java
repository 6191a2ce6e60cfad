package io.modelserver.window;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads the names that exchanges, charting programs and libraries give to the length of a
 * candle. A month counts as 30 days: gaps are counted in whole periods, and its true
 * length rounds to one.
 */
public final class Timeframe {

    private static final long SECOND = 1000;

    private static final long MINUTE = 60 * SECOND;

    private static final long HOUR = 60 * MINUTE;

    private static final long DAY = 24 * HOUR;

    private static final long MONTH = 30 * DAY;

    private static final long LONGEST = 366 * DAY;

    /** {@code 15m}, {@code 4h}, {@code 1M}, {@code 5min}. */
    private static final Pattern NUMBER_FIRST = Pattern.compile("(\\d{1,6})([A-Za-z]{1,7})");

    /** {@code M15}, {@code H4}, {@code MN1}. */
    private static final Pattern UNIT_FIRST = Pattern.compile("(M|H|D|W|MN)(\\d{1,4})");

    /** {@code 0}, {@code 0m}, {@code M0}. */
    private static final Pattern ZERO = Pattern.compile("(?:0+([A-Za-z]+)?|(?:M|H|D|W|MN)0+)");

    private static final Map<String, Long> UNITS = Map.ofEntries(Map.entry("s", SECOND), Map.entry("S", SECOND),
            Map.entry("sec", SECOND), Map.entry("second", SECOND), Map.entry("m", MINUTE), Map.entry("min", MINUTE),
            Map.entry("T", MINUTE), Map.entry("minute", MINUTE), Map.entry("h", HOUR), Map.entry("H", HOUR),
            Map.entry("hour", HOUR), Map.entry("d", DAY), Map.entry("D", DAY), Map.entry("day", DAY),
            Map.entry("w", 7 * DAY), Map.entry("W", 7 * DAY), Map.entry("week", 7 * DAY), Map.entry("M", MONTH),
            Map.entry("mo", MONTH), Map.entry("MN", MONTH), Map.entry("month", MONTH));

    private Timeframe() {
    }

    /**
     * Finds the period that a timeframe stands for.
     * @param timeframe as callers write it
     * @return milliseconds, empty if there is none or it is not understood; the period is
     * then learned from the steps
     */
    public static OptionalLong millis(@Nullable String timeframe) {
        if (timeframe == null) {
            return OptionalLong.empty();
        }
        Matcher numberFirst = NUMBER_FIRST.matcher(timeframe);
        if (numberFirst.matches()) {
            return product(numberFirst.group(1), UNITS.get(numberFirst.group(2)));
        }
        Matcher unitFirst = UNIT_FIRST.matcher(timeframe);
        if (unitFirst.matches()) {
            String unit = unitFirst.group(1);
            return product(unitFirst.group(2), unit.equals("M") ? Long.valueOf(MINUTE) : UNITS.get(unit));
        }
        return ofIso(timeframe);
    }

    /**
     * Tells whether a timeframe is surely a mistake. Any other that is not understood is
     * taken for a mere name of the series.
     * @param timeframe as callers write it
     * @return whether it is zero or negative, or has a blank at one of its ends
     */
    public static boolean isImpossible(String timeframe) {
        if (!timeframe.equals(timeframe.strip()) || timeframe.startsWith("-")) {
            return true;
        }
        Matcher zero = ZERO.matcher(timeframe);
        return zero.matches() ? zero.group(1) == null || UNITS.containsKey(zero.group(1)) : isImpossibleIso(timeframe);
    }

    private static boolean isImpossibleIso(String timeframe) {
        try {
            return !Duration.parse(timeframe).isPositive();
        }
        catch (DateTimeException | ArithmeticException ex) {
            return false;
        }
    }

    private static OptionalLong ofIso(String timeframe) {
        try {
            return within(Duration.parse(timeframe).toMillis());
        }
        catch (DateTimeException | ArithmeticException ex) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong product(String number, @Nullable Long unit) {
        return (unit == null) ? OptionalLong.empty() : within(Long.parseLong(number) * unit);
    }

    private static OptionalLong within(long millis) {
        return (millis > 0 && millis <= LONGEST) ? OptionalLong.of(millis) : OptionalLong.empty();
    }

}
