package io.modelserver.experiment.statistics;

/**
 * Means and central moments of two numbers of each unit, its signals n and the sum s of
 * their scores, by Welford's recurrence, which does not cancel.
 */
public final class UnitMoments {

    /** What rounding may leave of a sum of squares that is 0. */
    private static final double ROUNDING = 1e-12;

    /** What rounding may leave of a square that is 0. */
    private static final double SQUARED_ROUNDING = 1e-28;

    private long units;

    private double meanSize;

    private double meanSum;

    private double sizeSize;

    private double sizeSum;

    private double sumSum;

    /** Creates the moments of no unit. */
    public UnitMoments() {
    }

    /**
     * Adds one unit.
     * @param size n, how many signals it has
     * @param sum s, the sum of their scores
     */
    public void add(double size, double sum) {
        units++;
        double sizeBefore = size - meanSize;
        double sumBefore = sum - meanSum;
        meanSize += sizeBefore / units;
        meanSum += sumBefore / units;
        double sizeAfter = size - meanSize;
        double sumAfter = sum - meanSum;
        sizeSize += sizeBefore * sizeAfter;
        sizeSum += sizeBefore * sumAfter;
        sumSum += sumBefore * sumAfter;
    }

    /**
     * {@return a copy, which can be added to without changing this one}
     */
    public UnitMoments copy() {
        UnitMoments copy = new UnitMoments();
        copy.units = units;
        copy.meanSize = meanSize;
        copy.meanSum = meanSum;
        copy.sizeSize = sizeSize;
        copy.sizeSum = sizeSum;
        copy.sumSum = sumSum;
        return copy;
    }

    /**
     * Estimates the mean score of a signal, θ = Σs ∕ Σn, and its variance over the units,
     * u ∕ (u − 1) × Σ(s − θn)² ∕ (Σn)²: see {@link ClusteredMean}.
     * @param signalVariance the variance of single signals' scores
     * @return the estimate; at least two units are needed for its variance not to be NaN
     */
    public ClusteredMean estimate(double signalVariance) {
        double signals = units * meanSize;
        double mean = meanSum / meanSize;
        double sizes = sizeSize + units * meanSize * meanSize;
        double ofSums = residuals(mean) / (signals * signals);
        return new ClusteredMean(Math.round(signals), mean, signalVariance, units / (units - 1.0) * ofSums, ofSums,
                signals * signals / sizes);
    }

    /**
     * {@return Σ(s − mn)² of a mean m, which must be Σs ∕ Σn of all signals}
     * @param mean m
     */
    public double residuals(double mean) {
        double sizes = sizeSize + units * meanSize * meanSize;
        double residuals = sumSum - 2 * mean * sizeSum + mean * mean * sizeSize;
        if (residuals <= ROUNDING * (sumSum + mean * mean * sizeSize) + SQUARED_ROUNDING * mean * mean * sizes) {
            return 0;
        }
        return residuals;
    }

}
