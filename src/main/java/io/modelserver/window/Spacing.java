package io.modelserver.window;

import java.util.Arrays;

/**
 * The distances between the steps of one series, and the period that they show.
 * <p>
 * The period is the timeframe, where the series has one that is understood, else the
 * median of the latest distances: neither jitter nor a missing candle moves it. It is
 * known once there are three distances, and only if most of them lie close to it; ticks
 * that come as trades do have none. After a restart the period of before holds until
 * three new distances show another.
 * <p>
 * Distances of steps without times are those of their arrivals, which the network and a
 * busy bot delay: less than a second is noise, and no gap of less than five minutes
 * restarts such a window. Not safe for use by several threads.
 */
final class Spacing {

    /** Below it, arrivals and distances that follow no period restart nothing. */
    static final long TOLERANCE_MILLIS = 5 * 60_000;

    private static final long DAY_MILLIS = 24 * 3600_000;

    /**
     * A window whose period is not known yet is kept for longer than the longest candle.
     */
    private static final long UNKNOWN_KEPT_MILLIS = 32 * DAY_MILLIS;

    /** Where memory is short, it is kept until a second daily candle would be there. */
    private static final long UNKNOWN_KEPT_UNDER_PRESSURE_MILLIS = 2 * DAY_MILLIS;

    private static final int LEAST_LEARNED_FROM = 3;

    private static final int MOST_LEARNED_FROM = 32;

    private static final int MANY = 8;

    private static final double REGULAR_SHARE = 0.6;

    private static final long SHORTEST_BY_ARRIVAL_MILLIS = 1000;

    private static final long LEAST_AHEAD_MILLIS = 1000;

    private final long timeframe;

    /** Milliseconds from the step before, 0 where that is not known. */
    private final long[] ring;

    private int next;

    private int count;

    private long period;

    private long periodBefore;

    /** Of a series without a period: what its distances rarely exceed. */
    private long usual;

    private long latestGap;

    private boolean byArrival;

    private boolean crowded;

    Spacing(int steps, long timeframeMillis) {
        this.timeframe = timeframeMillis;
        this.period = timeframeMillis;
        this.ring = new long[Math.max(steps, MOST_LEARNED_FROM)];
    }

    static long bytes(int steps) {
        return (long) Long.BYTES * Math.max(steps, MOST_LEARNED_FROM);
    }

    /**
     * A step has come.
     * @param distance milliseconds from the one before, 0 if that is not known
     * @param arrival whether it is measured by arrival
     */
    void add(long distance, boolean arrival) {
        ring[next] = distance;
        next = (next + 1) % ring.length;
        count = Math.min(count + 1, ring.length);
        byArrival = arrival;
        learn();
    }

    /** The time of the latest step was another. */
    void replaceLatest(long distance) {
        if (count > 0) {
            ring[(next + ring.length - 1) % ring.length] = distance;
            learn();
        }
    }

    long latest() {
        return (count > 0) ? distance(0) : 0;
    }

    private long distance(int stepsBack) {
        return ring[Math.floorMod(next - 1 - stepsBack, ring.length)];
    }

    private void learn() {
        long[] known = new long[Math.min(count, MOST_LEARNED_FROM)];
        int n = 0;
        for (int i = 0; i < known.length; i++) {
            long distance = distance(i);
            if (distance > 0) {
                known[n++] = distance;
            }
        }
        Arrays.sort(known, 0, n);
        long median = (n == 0) ? 0 : known[(n - 1) / 2];
        usual = 0;
        if (timeframe > 0) {
            crowded = !byArrival && n >= MANY && median < timeframe / 2;
        }
        else if (n < LEAST_LEARNED_FROM) {
            period = periodBefore;
        }
        else {
            boolean regular = (!byArrival || median >= SHORTEST_BY_ARRIVAL_MILLIS) && isRegular(known, n, median);
            period = regular ? median : 0;
            usual = regular ? 0 : known[n * 9 / 10];
        }
    }

    /** Few distances are close to each other by chance, so they must be closer. */
    private static boolean isRegular(long[] sorted, int n, long median) {
        int closeness = (n < MANY) ? 5 : 2;
        int near = 0;
        for (int i = 0; i < n; i++) {
            near += (Math.abs(sorted[i] - median) * closeness <= median) ? 1 : 0;
        }
        return near >= REGULAR_SHARE * n;
    }

    /**
     * Looks for a gap that is too long, also one that was taken in before the period was
     * known, and forgets what was before it.
     * @param have how many steps the window has
     * @return how many of them came after the last such gap
     */
    int keep(int have, WindowSettings settings) {
        int most = Math.min(have - 1, count);
        for (int i = 0; i < most; i++) {
            if (isTooLong(distance(i), settings)) {
                forgetBefore(i, settings);
                return i + 1;
            }
        }
        return have;
    }

    /**
     * Of a series that changes its period for good every distance is too long at first:
     * they are kept, and show the new one.
     */
    private void forgetBefore(int gap, WindowSettings settings) {
        int kept = gap + 1;
        while (kept < count && isTooLong(distance(kept), settings)) {
            kept++;
        }
        latestGap = distance(gap);
        periodBefore = period;
        count = kept;
    }

    /**
     * {@return the gap that {@link #keep} found last, in milliseconds}
     */
    long latestGap() {
        return latestGap;
    }

    /**
     * Returns how far a step is ahead of the clock, beyond what clocks may differ.
     */
    long plainlyAheadMillis(WindowSettings settings) {
        return (period == 0) ? settings.maxAheadMillis()
                : Math.max(LEAST_AHEAD_MILLIS, Math.min(settings.maxAheadMillis(), period));
    }

    boolean isTooLong(long distance, WindowSettings settings) {
        if (distance > settings.maxGapMillis()) {
            return true;
        }
        if (settings.maxMissing() == WindowSettings.UNLIMITED || (byArrival && distance <= TOLERANCE_MILLIS)) {
            return false;
        }
        return (period > 0) ? missing(distance) > settings.maxMissing()
                : usual > 0 && distance > Math.max(TOLERANCE_MILLIS, (settings.maxMissing() + 1L) * usual);
    }

    /**
     * Counts the periods in a distance that have no step.
     * @param distance milliseconds
     * @return 0 where it is the period, or that is not known
     */
    long missing(long distance) {
        return (period == 0 || distance * 2 < period * 3) ? 0 : Math.round((double) distance / period) - 1;
    }

    /**
     * Counts the periods that are missing between the latest steps.
     * @param have how many steps
     * @return the count, -1 while the period is not known
     */
    long gaps(int have) {
        if (period == 0) {
            return -1;
        }
        long gaps = 0;
        for (int i = Math.min(have - 1, count) - 1; i >= 0; i--) {
            gaps += missing(distance(i));
        }
        return gaps;
    }

    /**
     * {@return milliseconds from one step to the next, 0 while that is not known}
     */
    long period() {
        return period;
    }

    /**
     * {@return whether steps come at less than half their timeframe}
     */
    boolean isCrowded() {
        return crowded;
    }

    /**
     * Returns the silence after which the steps are useless, since the next one would
     * restart their window; at least the setting {@code modelserver.window.idle}
     * ({@link WindowProperties}).
     * @param underPressure whether room is needed for other windows
     * @return milliseconds
     */
    long keptFor(WindowSettings settings, boolean underPressure) {
        long kept = underPressure ? UNKNOWN_KEPT_UNDER_PRESSURE_MILLIS : UNKNOWN_KEPT_MILLIS;
        if (period > 0 || usual > 0) {
            kept = (settings.maxMissing() + 2L) * Math.max(period, usual);
        }
        if (byArrival || period == 0) {
            kept = Math.max(kept, TOLERANCE_MILLIS);
        }
        return Math.max(settings.idleMillis(), Math.min(kept, settings.maxGapMillis()));
    }

    /**
     * {@return the distances in the order of time}
     */
    long[] distances() {
        long[] distances = new long[count];
        for (int i = 0; i < count; i++) {
            distances[i] = distance(count - 1 - i);
        }
        return distances;
    }

    long periodBefore() {
        return periodBefore;
    }

    /** Restores what was written. */
    void restore(long[] distances, long before, boolean arrival) {
        System.arraycopy(distances, 0, ring, 0, distances.length);
        count = distances.length;
        next = count % ring.length;
        periodBefore = Math.max(0, before);
        byArrival = arrival;
        learn();
    }

}
