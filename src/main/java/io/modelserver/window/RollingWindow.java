package io.modelserver.window;

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

    private final StepRing ring;

    private final Spacing spacing;

    private final FeederCheck feeders;

    private int have;

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
        this.ring = new StepRing(schema.steps(), schema.features());
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
        Addition refusal = refusal(step, now, settings);
        if (refusal != null) {
            if (refusal == Addition.STALE && !ring.holds(step.values())) {
                feeders.late(step.timestampMillis().orElseThrow());
            }
            return refusal;
        }
        OptionalLong timestamp = step.timestampMillis();
        boolean comparable = have > 0 && timed && timestamp.isPresent();
        long sinceLast = comparable ? timestamp.getAsLong() - lastTimestampMillis
                : now.monotonicMillis() - lastArrivalMillis;
        if (comparable && sinceLast <= 0) {
            return replace(step, timestamp.getAsLong(), sinceLast, now);
        }
        if (have > 0) {
            spacing.add(sinceLast, !comparable);
        }
        ring.add(step.values());
        have = Math.min(have + 1, schema.steps());
        taken++;
        timed = timestamp.isPresent();
        lastTimestampMillis = timestamp.orElse(lastTimestampMillis);
        lastArrivalMillis = now.monotonicMillis();
        boolean reset = dropBeforeGap(settings);
        feeders.taken(step.values(), false, spacing.isCrowded());
        return reset ? Addition.RESET : Addition.ADDED;
    }

    /**
     * {@return whether adding a step would leave it out}
     */
    synchronized boolean leavesOut(Step step, Now now, WindowSettings settings) {
        return refusal(step, now, settings) != null;
    }

    private @Nullable Addition refusal(Step step, Now now, WindowSettings settings) {
        if (evicted) {
            return Addition.EVICTED;
        }
        if (step.timestampMillis().isEmpty()) {
            return null;
        }
        long timestamp = step.timestampMillis().getAsLong();
        long aheadMillis = timestamp - now.wallMillis();
        if (aheadMillis > aheadLimitMillis(settings)) {
            return Addition.AHEAD;
        }
        if (have == 0 || !timed) {
            return null;
        }
        long sinceLast = timestamp - lastTimestampMillis;
        if (isGapOnlyAhead(sinceLast, aheadMillis, settings)) {
            return Addition.AHEAD;
        }
        return (sinceLast < 0 && !mayReplace(sinceLast, now, settings)) ? Addition.STALE : null;
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
    private boolean mayReplace(long sinceLast, Now now, WindowSettings settings) {
        boolean lastIsAhead = lastTimestampMillis - now.wallMillis() > spacing.plainlyAheadMillis(settings);
        return lastIsAhead && (have == 1 || (spacing.latest() > 0 && spacing.latest() + sinceLast > 0));
    }

    private Addition replace(Step step, long timestamp, long sinceLast, Now now) {
        if (sinceLast < 0) {
            spacing.replaceLatest((have == 1) ? 0 : spacing.latest() + sinceLast);
        }
        ring.replaceLast(step.values());
        lastTimestampMillis = timestamp;
        lastArrivalMillis = now.monotonicMillis();
        feeders.taken(step.values(), true, spacing.isCrowded());
        return Addition.REPLACED;
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
        return ring.window(have);
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
                (spacing.period() > 0) ? spacing.period() / 1e3 : null, coverage.gaps(), coverage.conflict(),
                schema.input());
    }

    /**
     * {@return the steps that are there, in the order of time}
     */
    synchronized float[] steps() {
        return ring.last(have);
    }

    /** Restores what was written. */
    synchronized void restore(SavedWindow saved, Now now) {
        have = ring.restore(saved.steps());
        taken = have;
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

    synchronized boolean isEvicted() {
        return evicted;
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

    synchronized boolean isFull() {
        return have == schema.steps();
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
