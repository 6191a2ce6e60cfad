package io.modelserver.front.json;

/** Durations as answers show them: milliseconds with three decimals. */
public final class Millis {

    private Millis() {
    }

    /**
     * {@return nanoseconds as milliseconds}
     * @param nanos rounded to the microsecond
     */
    public static double of(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

}
