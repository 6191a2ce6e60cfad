package io.modelserver.window;

/**
 * A gap that was too long, so that what lay before it was dropped.
 *
 * @param gapMillis how long
 * @param missing how many periods had no step, 0 if the period is not known
 * @param periodMillis the period, 0 if it is not known
 */
record Restart(long gapMillis, long missing, long periodMillis) {

    String describe() {
        String gap = "a gap of " + seconds(gapMillis);
        return (periodMillis == 0) ? gap
                : "%s, %d missing steps at a period of %s".formatted(gap, missing, seconds(periodMillis));
    }

    private static String seconds(long millis) {
        return (millis % 1000 == 0) ? millis / 1000 + " s" : millis + " ms";
    }

}
