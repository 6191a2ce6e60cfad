package io.modelserver.window;

import java.util.Arrays;
import java.util.OptionalLong;

import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The last T steps of one series, a ring that is written in place. Its lock is its own,
 * so series do not wait for each other; adding a step and reading the window out happen
 * under one hold of it, so that no other step comes between.
 */
final class RollingWindow {

    /** Objects and fields in addition to the arrays. */
    private static final long OVERHEAD_BYTES = 512;

    private final WindowSchema schema;

    private final float[] ring;

    private final Spacing spacing;

    private final FeederCheck feeders;

    private int have;

    /** Where the next step goes. */
    private int next;

    private boolean timed;

    private long lastTimestampMillis;

    private long lastArrivalMillis;

    /** How many steps came since the last gap that was too long. */
    private long taken;

    private @Nullable Restart restart;

    private boolean conflictTold;

    private boolean evicted;

    RollingWindow(SeriesKey key, Now now) {
        this.schema = key.schema();
        this.ring = new float[Math.multiplyExact(schema.steps(), schema.features())];
        this.spacing = new Spacing(schema.steps(), Timeframe.millis(key.timeframe()).orElse(0));
        this.feeders = new FeederCheck(schema.steps());
        this.lastArrivalMillis = now.monotonicMillis();
    }

    /**
     * {@return how much memory the window of a series takes, in bytes}
     */
    static long bytes(SeriesKey key) {
        WindowSchema schema = key.schema();
        return OVERHEAD_BYTES + (long) Float.BYTES * schema.steps() * schema.features() + Spacing.bytes(schema.steps())
                + FeederCheck.bytes(schema.features()) + 2L * key.symbol().length();
    }

    /** How a step was taken in. */
    enum Addition {

        ADDED, REPLACED, RESET, STALE, AHEAD, EVICTED

    }

    synchronized Addition add(Step step, Now now, WindowSettings settings) {
        if (evicted) {
            return Addition.EVICTED;
        }
        OptionalLong timestamp = step.timestampMillis();
        if (timestamp.isPresent() && timestamp.getAsLong() - now.wallMillis() > aheadLimitMillis(settings)) {
            return Addition.AHEAD;
        }
        boolean comparable = have > 0 && timed && timestamp.isPresent();
        long sinceLast = comparable ? timestamp.getAsLong() - lastTimestampMillis
                : now.monotonicMillis() - lastArrivalMillis;
        if (comparable && isGapOnlyAhead(sinceLast, timestamp.getAsLong() - now.wallMillis(), settings)) {
            return Addition.AHEAD;
        }
        if (comparable && sinceLast <= 0) {
            return replace(step, timestamp.getAsLong(), sinceLast, now, settings);
        }
        if (have > 0) {
            spacing.add(sinceLast, !comparable);
        }
        write(step.values(), next);
        next = (next + 1) % schema.steps();
        have = Math.min(have + 1, schema.steps());
        taken++;
        timed = timestamp.isPresent();
        lastTimestampMillis = timestamp.orElse(lastTimestampMillis);
        lastArrivalMillis = now.monotonicMillis();
        boolean reset = dropBeforeGap(settings);
        feeders.taken(step.values(), false, spacing.isCrowded());
        return reset ? Addition.RESET : Addition.ADDED;
    }

    /** A wrong clock must not empty a window: what has not passed yet is not a gap. */
    private boolean isGapOnlyAhead(long sinceLast, long aheadMillis, WindowSettings settings) {
        return aheadMillis > 0 && spacing.isTooLong(sinceLast, settings)
                && !spacing.isTooLong(sinceLast - aheadMillis, settings);
    }

    /**
     * A step with the time of the last replaces it. So does an earlier one, if the last
     * lies ahead of the clock: that was a running candle, dated by its end, and must not
     * shut out the true steps until then.
     */
    private Addition replace(Step step, long timestamp, long sinceLast, Now now, WindowSettings settings) {
        long sinceOneBefore = spacing.latest() + sinceLast;
        boolean lastIsAhead = lastTimestampMillis - now.wallMillis() > spacing.plainlyAheadMillis(settings);
        boolean inOrder = have == 1 || (spacing.latest() > 0 && sinceOneBefore > 0);
        if (sinceLast < 0 && !(lastIsAhead && inOrder)) {
            if (!holds(step.values())) {
                feeders.late(timestamp);
            }
            return Addition.STALE;
        }
        if (sinceLast < 0) {
            spacing.replaceLatest((have == 1) ? 0 : sinceOneBefore);
        }
        write(step.values(), Math.floorMod(next - 1, schema.steps()));
        lastTimestampMillis = timestamp;
        lastArrivalMillis = now.monotonicMillis();
        feeders.taken(step.values(), true, spacing.isCrowded());
        return Addition.REPLACED;
    }

    private boolean holds(float[] values) {
        for (int slot = 0; slot < schema.steps(); slot++) {
            int at = slot * schema.features();
            if (Arrays.equals(ring, at, at + schema.features(), values, 0, schema.features())) {
                return true;
            }
        }
        return false;
    }

    private void write(float[] values, int slot) {
        System.arraycopy(values, 0, ring, slot * schema.features(), schema.features());
    }

    private boolean dropBeforeGap(WindowSettings settings) {
        long period = spacing.period();
        int kept = spacing.keep(have, settings);
        if (kept < have) {
            long gap = spacing.latestGap();
            restart = new Restart(gap, spacing.missing(gap), period);
            have = kept;
            taken = kept;
            return true;
        }
        if (have == schema.steps()) {
            restart = null;
        }
        return false;
    }

    /**
     * Returns how far ahead of the clock a step may be dated: by the end of the running
     * candle, and a little for clocks that differ.
     */
    synchronized long aheadLimitMillis(WindowSettings settings) {
        if (spacing.period() > 0) {
            return settings.maxAheadMillis() + spacing.period();
        }
        long unknown = (settings.maxGapMillis() == WindowSettings.NO_MAX_GAP) ? Spacing.TOLERANCE_MILLIS
                : settings.maxGapMillis();
        return Math.max(settings.maxAheadMillis(), unknown);
    }

    /**
     * {@return shape {@code [T, F]} in the order of time; steps that are missing are the
     * first one, repeated}
     */
    synchronized Tensor read() {
        float[] window = new float[ring.length];
        int missing = (schema.steps() - have) * schema.features();
        copySteps(window, missing);
        for (int at = 0; at < missing; at += schema.features()) {
            System.arraycopy(window, missing, window, at, schema.features());
        }
        return new Tensor(new int[] { schema.steps(), schema.features() }, window);
    }

    synchronized WindowCoverage coverage() {
        long gaps = spacing.gaps(have);
        return new WindowCoverage((double) have / (schema.steps() + Math.max(0, gaps)),
                (gaps < 0) ? null : (int) Math.min(gaps, Integer.MAX_VALUE), feeders.isConflict());
    }

    synchronized WindowStatus status(SeriesKey key, Now now) {
        WindowCoverage coverage = coverage();
        return new WindowStatus(key.symbol(), key.timeframe(), key.windowKey(), have, schema.steps(),
                Math.max(0, silenceMillis(now)) / 1e3, schema.features(),
                (spacing.period() > 0) ? spacing.period() / 1e3 : null, coverage.gaps(), coverage.conflict());
    }

    /**
     * {@return the steps that are there, in the order of time}
     */
    synchronized float[] steps() {
        float[] steps = new float[have * schema.features()];
        copySteps(steps, 0);
        return steps;
    }

    private void copySteps(float[] target, int at) {
        int oldest = Math.floorMod(next - have, schema.steps()) * schema.features();
        int length = have * schema.features();
        int untilEnd = Math.min(length, ring.length - oldest);
        System.arraycopy(ring, oldest, target, at, untilEnd);
        System.arraycopy(ring, 0, target, at + untilEnd, length - untilEnd);
    }

    /** Restores what was written. */
    synchronized void restore(SavedWindow saved, Now now) {
        System.arraycopy(saved.steps(), 0, ring, 0, saved.steps().length);
        have = saved.steps().length / schema.features();
        taken = have;
        next = have % schema.steps();
        timed = saved.timestampMillis().isPresent();
        lastTimestampMillis = saved.timestampMillis().orElse(0);
        lastArrivalMillis = now.monotonicMillis() - Math.max(0, now.wallMillis() - saved.arrivalMillis());
        spacing.restore(saved.distances(), saved.periodBefore(), !timed);
    }

    synchronized SavedWindow save(SeriesKey key, Now now) {
        return new SavedWindow(key, new Step(steps(), lastTimestampMillis()), now.wallMillis() - silenceMillis(now),
                spacing.periodBefore(), spacing.distances());
    }

    /** Accepts no more steps: the window no longer belongs to the series. */
    synchronized void evict() {
        evicted = true;
    }

    /**
     * {@return whether its steps are no longer of use}
     */
    synchronized boolean isIdle(Now now, WindowSettings settings, boolean underPressure) {
        return silenceMillis(now) > spacing.keptFor(settings, underPressure);
    }

    /**
     * {@return whether there is a conflict that was not reported yet}
     */
    synchronized boolean tellsConflict() {
        boolean first = feeders.isConflict() && !conflictTold;
        conflictTold |= first;
        return first;
    }

    private long silenceMillis(Now now) {
        return now.monotonicMillis() - lastArrivalMillis;
    }

    synchronized int have() {
        return have;
    }

    synchronized long taken() {
        return taken;
    }

    /**
     * {@return the gap that the window was restarted by and has not been filled since,
     * null if there is none}
     */
    synchronized @Nullable Restart restart() {
        return restart;
    }

    synchronized OptionalLong lastTimestampMillis() {
        return timed ? OptionalLong.of(lastTimestampMillis) : OptionalLong.empty();
    }

}
