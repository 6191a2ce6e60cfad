package io.modelserver.experiment.statistics;

/**
 * The mean score of a variant's signals, estimated from its units. Signals of one unit
 * are not independent, units are: so the variance is that of the ratio Σs ∕ Σn over units
 * by the delta method, which is the cluster-robust variance (CR1) of a regression on a
 * constant, and with one signal per unit the ordinary variance of a mean. Where units
 * differ in size, a few large ones carry it all; what counts then is their effective
 * number (Σn)² ∕ Σn² (Kish, "Survey Sampling", 1965), from which the degrees of freedom
 * are taken.
 * <p>
 * Sources: Deng, Knoblich and Lu, "Applying the delta method in metric analytics", KDD
 * 2018; Cameron and Miller, "A practitioner's guide to cluster-robust inference", Journal
 * of Human Resources 50 (2015).
 *
 * @param signals how many
 * @param value their mean
 * @param signalVariance the variance of single signals
 * @param variance the variance of {@code value}, NaN with less than two units
 * @param cellVariance the same of what units did in stretches of time, each by itself:
 * what {@code variance} has in common with one from blocks of time
 * @param effectiveUnits how many units of equal size would tell as much, at most their
 * number
 */
public record ClusteredMean(long signals, double value, double signalVariance, double variance, double cellVariance,
        double effectiveUnits) {

    /**
     * {@return {@code effectiveUnits}, rounded down but for errors of rounding}
     */
    public long wholeUnits() {
        return (long) Math.floor(effectiveUnits * (1 + 1e-9));
    }

    /**
     * {@return the same with another variance of cells}
     * @param ofCells the new {@code cellVariance}
     */
    public ClusteredMean withCellVariance(double ofCells) {
        return new ClusteredMean(signals, value, signalVariance, variance, ofCells, effectiveUnits);
    }

}
