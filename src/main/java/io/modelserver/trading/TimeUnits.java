package io.modelserver.trading;

/** Guesses the unit of a time that makes no sense in milliseconds. */
final class TimeUnits {

    /** From 2001 to 2128, in seconds since 1970. */
    private static final double EARLIEST_SECONDS = 1e9;

    private static final double LATEST_SECONDS = 5e9;

    private TimeUnits() {
    }

    /**
     * Guesses a unit.
     * @param number since 1970, in whatever unit
     * @return e.g. {@code , which looks like nanoseconds}; empty if it looks like none
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
