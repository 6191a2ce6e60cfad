package io.modelserver.window;

import java.util.OptionalLong;

import io.modelserver.inference.Tensor;

/**
 * The last T steps of one symbol, a ring that is written in place. Its lock is its own,
 * so symbols do not wait for each other; adding a step and reading the window out happen
 * under one hold of it, so that no other step comes between.
 */
final class RollingWindow {

    private final WindowSchema schema;

    private final float[] ring;

    private int have;

    /** Where the next step goes; the oldest of a full ring lies there. */
    private int next;

    private boolean timed;

    private long lastTimestampMillis;

    private long lastArrivalMillis;

    private boolean evicted;

    RollingWindow(WindowSchema schema, long nowMillis) {
        this.schema = schema;
        this.ring = new float[Math.multiplyExact(schema.steps(), schema.features())];
        this.lastArrivalMillis = nowMillis;
    }

    /** How a step was taken in. */
    enum Addition {

        ADDED, REPLACED, RESET, STALE, EVICTED

    }

    synchronized Addition add(Step step, long nowMillis, long maxGapMillis) {
        if (evicted) {
            return Addition.EVICTED;
        }
        OptionalLong timestamp = step.timestampMillis();
        boolean comparable = have > 0 && timed && timestamp.isPresent();
        if (comparable && timestamp.getAsLong() < lastTimestampMillis) {
            return Addition.STALE;
        }
        boolean retry = comparable && timestamp.getAsLong() == lastTimestampMillis;
        long gap = comparable ? timestamp.getAsLong() - lastTimestampMillis : nowMillis - lastArrivalMillis;
        boolean reset = have > 0 && gap > maxGapMillis;
        if (reset) {
            have = 0;
            next = 0;
        }
        if (retry) {
            next = (next + schema.steps() - 1) % schema.steps();
        }
        else {
            have = Math.min(have + 1, schema.steps());
        }
        System.arraycopy(step.values(), 0, ring, next * schema.features(), schema.features());
        next = (next + 1) % schema.steps();
        timed = timestamp.isPresent();
        lastTimestampMillis = timestamp.orElse(lastTimestampMillis);
        lastArrivalMillis = nowMillis;
        return reset ? Addition.RESET : retry ? Addition.REPLACED : Addition.ADDED;
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

    /**
     * {@return the steps that are there, in the order of time}
     */
    synchronized float[] steps() {
        float[] steps = new float[have * schema.features()];
        copySteps(steps, 0);
        return steps;
    }

    private void copySteps(float[] target, int at) {
        int oldest = (have < schema.steps()) ? 0 : next * schema.features();
        int length = have * schema.features();
        int untilEnd = Math.min(length, ring.length - oldest);
        System.arraycopy(ring, oldest, target, at, untilEnd);
        System.arraycopy(ring, 0, target, at + untilEnd, length - untilEnd);
    }

    /** Brings back what was written; the steps are in the order of time. */
    synchronized void restore(float[] steps, OptionalLong timestampMillis, long arrivalMillis) {
        System.arraycopy(steps, 0, ring, 0, steps.length);
        have = steps.length / schema.features();
        next = have % schema.steps();
        timed = timestampMillis.isPresent();
        lastTimestampMillis = timestampMillis.orElse(0);
        lastArrivalMillis = arrivalMillis;
    }

    /** No step is taken in any more: the window is no longer the symbol's. */
    synchronized void evict() {
        evicted = true;
    }

    synchronized int have() {
        return have;
    }

    synchronized OptionalLong lastTimestampMillis() {
        return timed ? OptionalLong.of(lastTimestampMillis) : OptionalLong.empty();
    }

    synchronized long lastArrivalMillis() {
        return lastArrivalMillis;
    }

}
