package io.modelserver.experiment.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.jspecify.annotations.Nullable;

/**
 * A t-test of a difference whose variance is clustered both ways, by units and by blocks
 * of time: what a unit has of its own is in the one, what a stretch of time does to all
 * units is in the other, and what a unit did in a stretch of time is in both and is taken
 * out once. The sum is never less than either, and the degrees of freedom are the smaller
 * of the two: those of Welch and Satterthwaite over the effective numbers of units, and
 * the effective number of blocks less one.
 * <p>
 * A variant that has not met its first large loss has next to no variance. So the
 * variance of the difference is never below what it were if a single signal of both
 * variants had their pooled variance.
 * <p>
 * Sources: Cameron, Gelbach and Miller, "Robust inference with multiway clustering",
 * Journal of Business and Economic Statistics 29 (2011); Thompson, "Simple formulas for
 * standard errors that cluster by both firm and time", Journal of Financial Economics 99
 * (2011).
 *
 * @param difference treatment less control
 * @param standardError of the difference
 * @param degreesOfFreedom of the t-distribution
 * @param pValue two-sided, for one look
 * @param information how many independent signals the difference is worth: the variance
 * of a single signal over that of the difference
 */
public record WelchComparison(double difference, double standardError, double degreesOfFreedom, double pValue,
        double information) {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** The square of a smaller variance would be 0: such returns do not vary. */
    private static final double LEAST_VARIANCE = 1e-100;

    /**
     * Tests two means of different units.
     * @param control one mean, or null if there is none
     * @param treatment the other
     * @param blocks the variance of their difference, estimated from blocks of time
     * @return the test, or null if a mean is missing, either has less than two units,
     * there are less than two blocks, or nothing varies
     */
    public static @Nullable WelchComparison of(@Nullable ClusteredMean control, @Nullable ClusteredMean treatment,
            BlockVariance blocks) {
        if (control == null || treatment == null || control.wholeUnits() < 2 || treatment.wholeUnits() < 2
                || blocks.wholeBlocks() < 2) {
            return null;
        }
        double ofUnits = control.variance() + treatment.variance();
        double ofCells = control.cellVariance() + treatment.cellVariance();
        double bothWays = Math.max(ofUnits + blocks.variance() - ofCells, Math.max(ofUnits, blocks.variance()));
        double pooled = pooledVariance(control, treatment);
        double independent = control.signalVariance() / control.signals()
                + treatment.signalVariance() / treatment.signals();
        double pooledIndependent = pooled / control.signals() + pooled / treatment.signals();
        double variance = (independent > 0) ? bothWays * Math.max(1, pooledIndependent / independent) : bothWays;
        double freedom = Math.min(welchSatterthwaite(control, treatment), blocks.effectiveBlocks() - 1);
        return of(treatment.value() - control.value(), variance, freedom, pooled);
    }

    /**
     * Tests the mean of differences that were seen signal by signal.
     * @param mean of the differences
     * @param signals how many there are
     * @param signalVariance the variance of a single one
     * @param blocks the variance of the mean, estimated from blocks of time
     * @return the test, or null if there are less than two blocks or nothing varies
     */
    public static @Nullable WelchComparison paired(double mean, double signals, double signalVariance,
            BlockVariance blocks) {
        if (!(signals > 1) || blocks.wholeBlocks() < 2) {
            return null;
        }
        return of(mean, Math.max(blocks.variance(), signalVariance / signals), blocks.effectiveBlocks() - 1,
                signalVariance);
    }

    private static @Nullable WelchComparison of(double difference, double variance, double freedom,
            double signalVariance) {
        double information = signalVariance / variance;
        if (!(variance > LEAST_VARIANCE && information > 0 && Double.isFinite(information) && freedom > 0)) {
            return null;
        }
        double standardError = Math.sqrt(variance);
        double pValue = 2 * TDistribution.of(freedom).survivalProbability(Math.abs(difference) / standardError);
        return new WelchComparison(difference, standardError, freedom, Math.min(1, pValue), information);
    }

    private static double welchSatterthwaite(ClusteredMean control, ClusteredMean treatment) {
        double one = control.variance();
        double other = treatment.variance();
        double sum = one + other;
        return (sum > 0)
                ? sum * sum / (one * one / (control.wholeUnits() - 1) + other * other / (treatment.wholeUnits() - 1))
                : Double.POSITIVE_INFINITY;
    }

    private static double pooledVariance(ClusteredMean control, ClusteredMean treatment) {
        double squares = (control.signals() - 1) * control.signalVariance()
                + (treatment.signals() - 1) * treatment.signalVariance();
        return squares / (control.signals() + treatment.signals() - 2);
    }

    /**
     * {@return the absolute normal deviate that is as rare as this t, which makes up for
     * a variance estimated from few units}
     */
    public double normalDeviate() {
        return NORMAL.inverseSurvivalProbability(pValue / 2);
    }

    /**
     * {@return half the width of the interval that ends where {@link #normalDeviate()}
     * would be {@code bound}}
     * @param bound the absolute normal deviate, above 0
     */
    public double halfWidth(double bound) {
        double tail = NORMAL.survivalProbability(bound);
        return standardError * TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(tail);
    }

    /**
     * {@return half the width of the ordinary interval of one look}
     * @param alpha the error probability of both sides together
     */
    public double halfWidthOfOneLook(double alpha) {
        return standardError * TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(alpha / 2);
    }

}
