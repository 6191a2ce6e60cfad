package io.modelserver.experiment;

/**
 * How outcomes are read.
 *
 * @param neutralBand the price did not move if its return is within this of 0, as a
 * fraction: 0.001 is 10 basis points
 * @param periodsPerYear what the Sharpe ratio is annualised with: the number of signals
 * that one would act on in a year, one after another
 */
public record AnalysisSettings(double neutralBand, double periodsPerYear) {

    public AnalysisSettings {
        if (!(neutralBand >= 0 && neutralBand <= Observation.GREATEST_RETURN)) {
            throw new IllegalArgumentException("the neutral band must be a fraction of at least 0, not " + neutralBand);
        }
        if (!(periodsPerYear > 0 && periodsPerYear <= 1e12)) {
            throw new IllegalArgumentException("the periods per year must be more than 0, not " + periodsPerYear);
        }
    }

    /**
     * {@return 10 basis points, and one signal a day on a market that never closes}
     */
    public static AnalysisSettings defaults() {
        return new AnalysisSettings(0.001, 365);
    }

}
