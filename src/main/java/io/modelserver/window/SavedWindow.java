package io.modelserver.window;

import java.util.OptionalLong;

/** A window as stored in its file. */
final class SavedWindow {

    private final SeriesKey key;

    private final Step content;

    private final long arrivalMillis;

    private final long periodBefore;

    private final long[] distances;

    /**
     * Takes the arrays without copying them.
     * @param key whose it is
     * @param content all of its steps, the oldest first, and the time of the last
     * @param arrivalMillis when the last step came, milliseconds since 1970
     * @param periodBefore the period before its last restart in milliseconds, 0 if none
     * was known
     * @param distances milliseconds between steps in the order of time, 0 where not known
     */
    SavedWindow(SeriesKey key, Step content, long arrivalMillis, long periodBefore, long[] distances) {
        this.key = key;
        this.content = content;
        this.arrivalMillis = arrivalMillis;
        this.periodBefore = periodBefore;
        this.distances = distances;
    }

    SeriesKey key() {
        return key;
    }

    float[] steps() {
        return content.values();
    }

    OptionalLong timestampMillis() {
        return content.timestampMillis();
    }

    long arrivalMillis() {
        return arrivalMillis;
    }

    long periodBefore() {
        return periodBefore;
    }

    long[] distances() {
        return distances;
    }

    /**
     * {@return whether it is of a version of this server that did not write them}
     */
    boolean lacksDistances() {
        return distances.length == 0 && steps().length > key.schema().features();
    }

}
