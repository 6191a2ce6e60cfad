package io.modelserver.experiment.evidence;

/**
 * How outcomes are read.
 *
 * @param neutralBand the price did not move if its return is within this of 0, as a
 * fraction: 0.001 is 10 basis points
 * @param periodsPerYear what the Sharpe ratio is annualised with: the number of days in a
 * year on which there is trade
 * @param costBps what acting on a signal costs, in basis points of the price, where an
 * experiment does not say
 */
public record AnalysisSettings(double neutralBand, double periodsPerYear, double costBps) {

    private static final double MOST_COST_BPS = 10_000;

    /** Rejects numbers that are out of their ranges. */
    public AnalysisSettings {
        if (!(neutralBand >= 0 && neutralBand <= Observation.GREATEST_RETURN)) {
            throw new IllegalArgumentException("the neutral band must be a fraction of at least 0, not " + neutralBand);
        }
        if (!(periodsPerYear > 0 && periodsPerYear <= 1e12)) {
            throw new IllegalArgumentException("the periods per year must be more than 0, not " + periodsPerYear);
        }
        if (!(costBps >= 0 && costBps <= MOST_COST_BPS)) {
            throw new IllegalArgumentException(
                    "the cost must be from 0 to %s basis points, not %s".formatted(MOST_COST_BPS, costBps));
        }
    }

    /**
     * {@return 10 basis points, a market that never closes, and no costs}
     */
    public static AnalysisSettings defaults() {
        return new AnalysisSettings(0.001, 365, 0);
    }

}
