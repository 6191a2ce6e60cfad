package io.modelserver.window;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Notices that two callers feed one series with values that contradict each other.
 * <p>
 * Steps of one caller change from one to the next; a candle that is still forming changes
 * while its time stays. Where two callers take turns, each step is close to the one
 * before the last and far from the last. So of the features that differ from the last
 * step's, the share is taken that differ eight times less from those of the step before
 * it, and smoothed over about eight steps; once for all steps, and once for those around
 * two with the same time. A share of 0.6 is reported: the few features of a forming
 * candle that start again from nothing, such as its volume, don't reach it. Values that
 * go back and forth exactly, at one time, are told at the second turn. So are steps that
 * come too late again and again, between others, and each later than the one before:
 * those of a caller with another clock or longer candles.
 * <p>
 * What is reported once applies to as many steps as the window holds. Not safe for use by
 * several threads.
 */
final class FeederCheck {

    private static final float CLOSER = 8;

    private static final double SMOOTHING = 1.0 / 8;

    private static final double TOLD_FROM = 0.6;

    private static final int TURNS = 2;

    private static final int LATE_STEPS = 3;

    private final int saidFor;

    private float @Nullable [] last;

    private float @Nullable [] beforeLast;

    private boolean lastHadTheSameTime;

    private double turning;

    private double turningAtOneTime;

    private int exactTurns;

    private int lateSteps;

    private long latestLate = Long.MIN_VALUE;

    private int takenSinceLate;

    private int saying;

    FeederCheck(int saidFor) {
        this.saidFor = saidFor;
    }

    static long bytes(int features) {
        return 2 * (16L + (long) Float.BYTES * features);
    }

    /**
     * A step was accepted.
     * @param values its numbers, which are kept and must not change
     * @param sameTime whether it took the place of one with the same time
     * @param crowded whether steps come much more often than their timeframe allows
     */
    void taken(float[] values, boolean sameTime, boolean crowded) {
        takenSinceLate++;
        boolean retry = last != null && Arrays.equals(values, last);
        if (!retry && !sameTime) {
            exactTurns = 0;
        }
        if (last != null && beforeLast != null && !retry) {
            compare(values, last, beforeLast, sameTime);
        }
        saying = Math.max(0, saying - 1);
        if (crowded || isTold()) {
            saying = saidFor;
        }
        if (!retry) {
            beforeLast = last;
            last = values;
            lastHadTheSameTime = sameTime;
        }
    }

    private void compare(float[] values, float[] one, float[] two, boolean sameTime) {
        int changed = 0;
        int closer = 0;
        boolean exact = true;
        for (int i = 0; i < values.length; i++) {
            float change = Math.abs(values[i] - one[i]);
            float changeOfTwo = Math.abs(values[i] - two[i]);
            changed += (change > 0) ? 1 : 0;
            closer += (changeOfTwo * CLOSER < change) ? 1 : 0;
            exact &= changeOfTwo == 0 || Float.compare(values[i], two[i]) == 0;
        }
        double share = (changed == 0) ? 0 : (double) closer / changed;
        turning += (share - turning) * SMOOTHING;
        if (sameTime || lastHadTheSameTime) {
            turningAtOneTime += (share - turningAtOneTime) * SMOOTHING;
        }
        exactTurns += (exact && sameTime) ? 1 : 0;
    }

    private boolean isTold() {
        return exactTurns >= TURNS || turning > TOLD_FROM || turningAtOneTime > TOLD_FROM || lateSteps >= LATE_STEPS;
    }

    /**
     * A step was left out that is not a retry, since a later one is there.
     * @param timestampMillis its time
     */
    void late(long timestampMillis) {
        if (timestampMillis <= latestLate || takenSinceLate > saidFor) {
            lateSteps = 0;
        }
        lateSteps += (takenSinceLate > 0) ? 1 : 0;
        latestLate = timestampMillis;
        takenSinceLate = 0;
        if (isTold()) {
            saying = saidFor;
            lateSteps = 0;
        }
    }

    /**
     * {@return whether two callers seem to feed the series}
     */
    boolean isConflict() {
        return saying > 0;
    }

}
