package io.modelserver.experiment;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;
import org.apache.commons.statistics.inference.DataDispersion;
import org.apache.commons.statistics.inference.TTest;
import org.jspecify.annotations.Nullable;

/**
 * Welch's t-test of two clustered means. Its degrees of freedom are those of Welch and
 * Satterthwaite over the effective numbers of units.
 *
 * @param difference treatment less control
 * @param standardError of the difference
 * @param degreesOfFreedom of the t-distribution
 * @param pValue two-sided, for one look
 * @param information how many independent signals the difference is worth: the variance
 * of a single signal over that of the difference
 */
record WelchTest(double difference, double standardError, double degreesOfFreedom, double pValue, double information) {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** The square of a smaller variance would be 0: such returns do not vary. */
    private static final double LEAST_VARIANCE = 1e-100;

    /**
     * Tests two means.
     * @param control one mean, or null if there is none
     * @param treatment the other
     * @return the test, or null if a mean is missing, either has less than two units, or
     * nothing varies
     */
    static @Nullable WelchTest of(@Nullable ClusteredMean control, @Nullable ClusteredMean treatment) {
        if (control == null || treatment == null || control.wholeUnits() < 2 || treatment.wholeUnits() < 2) {
            return null;
        }
        double squaredError = control.variance() + treatment.variance();
        double information = pooledVariance(control, treatment) / squaredError;
        if (!(squaredError > LEAST_VARIANCE && information > 0 && Double.isFinite(information))) {
            return null;
        }
        TTest.Result result = TTest.withDefaults()
            .with(DataDispersion.HETEROSCEDASTIC)
            .test(treatment.value(), treatment.variance() * treatment.wholeUnits(), treatment.wholeUnits(),
                    control.value(), control.variance() * control.wholeUnits(), control.wholeUnits());
        return new WelchTest(treatment.value() - control.value(), Math.sqrt(squaredError), result.getDegreesOfFreedom(),
                result.getPValue(), information);
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
    double normalDeviate() {
        return NORMAL.inverseSurvivalProbability(pValue / 2);
    }

    /**
     * {@return half the width of the interval that ends where {@link #normalDeviate()}
     * would be {@code bound}}
     */
    double halfWidth(double bound) {
        double tail = NORMAL.survivalProbability(bound);
        return standardError * TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(tail);
    }

    /**
     * {@return half the width of the ordinary interval of one look}
     */
    double halfWidthOfOneLook(double alpha) {
        return standardError * TDistribution.of(degreesOfFreedom).inverseSurvivalProbability(alpha / 2);
    }

}
