package io.modelserver.web;

/** Durations as answers show them: milliseconds with three decimals. */
final class Millis {

    private Millis() {
    }

    static double of(long nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }

}
