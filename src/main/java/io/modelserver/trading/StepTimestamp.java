package io.modelserver.trading;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

/**
 * The time of a step as a request gives it: milliseconds since 1970, seconds where it has
 * ten digits before the point, or text. Requests that hold a whole window may call
 * anything {@code timestamp}, so one that can't be read is an error only where it is
 * needed.
 *
 * @param millis milliseconds since 1970, empty if none was given
 * @param problem what was expected and what came, null if it could be read
 */
public record StepTimestamp(OptionalLong millis, @Nullable String problem) {

    /** No time was given. */
    public static final StepTimestamp NONE = new StepTimestamp(OptionalLong.empty(), null);

    /** Represents the time of a whole window that is given but can't be read. */
    public static final long UNREADABLE = Long.MIN_VALUE;

    private static final double GREATEST = 1L << 53;

    private static final double FIRST_OF_TEN_DIGITS = 1e9;

    private static final double FIRST_OF_ELEVEN_DIGITS = 1e10;

    private static final int MILLIS_PER_SECOND = 1000;

    /**
     * ISO-8601, and what Python's {@code str(datetime)} and {@code strftime("%z")} make
     * of it: a blank for the T, an offset without its colon.
     */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().parseCaseInsensitive()
        .append(DateTimeFormatter.ISO_LOCAL_DATE)
        .appendPattern("['T'][' ']")
        .append(DateTimeFormatter.ISO_LOCAL_TIME)
        .appendPattern("[' ']")
        .optionalStart()
        .appendOffset("+HH:MM:ss", "Z")
        .optionalEnd()
        .optionalStart()
        .appendOffset("+HHMM", "Z")
        .optionalEnd()
        .optionalStart()
        .appendOffset("+HH", "Z")
        .optionalEnd()
        .toFormatter(Locale.ROOT);

    /**
     * Takes a number for a time.
     * @param number milliseconds since 1970, or seconds
     * @param field what the value is called in messages
     * @return the time
     */
    public static StepTimestamp ofNumber(double number, String field) {
        if (Math.abs(number) <= GREATEST) {
            boolean seconds = number >= FIRST_OF_TEN_DIGITS && number < FIRST_OF_ELEVEN_DIGITS;
            long millis = seconds ? Math.round(number * MILLIS_PER_SECOND) : (long) number;
            return new StepTimestamp(OptionalLong.of(millis), null);
        }
        return unreadable(field, "%s%s".formatted(number, TimeUnits.guess(number)));
    }

    /**
     * Takes a text for a time.
     * @param text ISO-8601 with an offset
     * @param field what the value is called in messages
     * @return the time
     */
    public static StepTimestamp ofText(String text, String field) {
        try {
            return new StepTimestamp(OptionalLong.of(TIME.parse(text, Instant::from).toEpochMilli()), null);
        }
        catch (DateTimeException | ArithmeticException ex) {
            return unreadable(field, "a string that is not an ISO-8601 time with an offset, e.g. 2026-01-02T03:04:05Z");
        }
    }

    /**
     * Takes something else for what it is.
     * @param field what the value is called in messages
     * @param came what it is, e.g. {@code an array}
     * @return no time
     */
    public static StepTimestamp unreadable(String field, String came) {
        return new StepTimestamp(OptionalLong.empty(),
                "%s: expected milliseconds since 1970, got %s".formatted(field, came));
    }

    /**
     * Describes a time that makes no sense.
     * @param millis the time, as it was read
     * @return e.g. {@code , which looks like microseconds}; empty if it looks like no
     * other unit
     */
    public static String unitGuess(long millis) {
        return TimeUnits.guess((double) millis);
    }

    boolean isGiven() {
        return millis.isPresent() || problem != null;
    }

    /**
     * Requires a time that can be read.
     * @return milliseconds since 1970, empty if none was given
     * @throws InvalidFeaturesException if something else was given
     */
    OptionalLong required() throws InvalidFeaturesException {
        if (problem != null) {
            throw new InvalidFeaturesException(problem);
        }
        return millis;
    }

    /** Guesses the unit of a time that makes no sense in milliseconds. */
    private static final class TimeUnits {

        /** From 2001 to 2128, in seconds since 1970. */
        private static final double EARLIEST_SECONDS = 1e9;

        private static final double LATEST_SECONDS = 5e9;

        private TimeUnits() {
        }

        /**
         * Guesses a unit.
         * @param number since 1970, in whatever unit
         * @return e.g. {@code , which looks like nanoseconds}; empty if it looks like
         * none
         */
        static String guess(double number) {
            if (isPlausible(number)) {
                return ", which looks like seconds";
            }
            if (isPlausible(number / 1e6)) {
                return ", which looks like microseconds";
            }
            return isPlausible(number / 1e9) ? ", which looks like nanoseconds" : "";
        }

        private static boolean isPlausible(double seconds) {
            return seconds >= EARLIEST_SECONDS && seconds < LATEST_SECONDS;
        }

    }

}
