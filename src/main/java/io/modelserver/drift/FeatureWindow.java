package io.modelserver.drift;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Over how much time a feature is judged, and how far it may be from training there.
 *
 * @param basis what the limits are based on
 * @param length of the window; zero for the one that the settings give
 * @param rows as many rows training had in as much time; 0 if that is not known
 * @param psi of the population stability index; null where only the range counts
 * @param meanShift of the mean's distance from training's, in standard deviations of
 * training; null where only the range counts
 */
public record FeatureWindow(Basis basis, Duration length, int rows, @Nullable Limits psi, @Nullable Limits meanShift) {

    /** The longest window whose samples are kept. */
    private static final Duration LONGEST = Duration.ofDays(31);

    /**
     * Up to 0.1 the index is called stable, over 0.25 a shift (Siddiqi); Cohen's d
     * (Statistical Power Analysis, 1988) is small at 0.2, large at 0.8.
     */
    public static final FeatureWindow FIXED = new FeatureWindow(Basis.FIXED, Duration.ZERO, 0, new Limits(0.1, 0.25),
            new Limits(0.2, 0.8));

    /** Requests and steps may come a little less often than rows did. */
    private static final double ENOUGH = 0.8;

    /** Rejects a length over 31 days. */
    public FeatureWindow {
        if (length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a window can't be longer than 31 days");
        }
    }

    /**
     * Creates a window with limits of its own.
     * @param length a minute to 31 days
     * @param rows as many rows training had in as much time, 1 or more
     * @param psi of the population stability index
     * @param meanShift of the mean's distance, in standard deviations of training
     * @return the window
     */
    public static FeatureWindow ofBlocks(Duration length, int rows, Limits psi, Limits meanShift) {
        return new FeatureWindow(Basis.BLOCKS, checked(length, rows), rows, psi, meanShift);
    }

    /**
     * Creates a window in which only training's range counts.
     * @param length a minute to 31 days
     * @param rows as many rows training had in as much time, 1 or more
     * @return the window
     */
    public static FeatureWindow ofRange(Duration length, int rows) {
        return new FeatureWindow(Basis.RANGE, checked(length, rows), rows, null, null);
    }

    private static Duration checked(Duration length, int rows) {
        if (length.compareTo(Duration.ofMinutes(1)) < 0 || rows < 1) {
            throw new IllegalArgumentException("a window needs window_seconds of 60 or more and rows of 1 or more");
        }
        return length;
    }

    long nanos(long fixedNanos) {
        return length.isZero() ? fixedNanos : length.toNanos();
    }

    /**
     * {@return as many samples as the limits were made for, but no more than requested}
     */
    long enough(int minSamples) {
        return (rows == 0) ? minSamples : Math.min(minSamples, (long) Math.ceil(ENOUGH * rows));
    }

}
