package io.modelserver.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares one feature with its training, by two measures that see different things. The
 * population stability index (Siddiqi, Credit Risk Scorecards, 2006) sums
 * {@code (live - expected) * ln(live / expected)} over bins, here those between the
 * quantiles of training; up to 0.1 is called stable, over 0.25 a shift. The standardised
 * shift of the mean is Cohen's d (Statistical Power Analysis, 1988) with training's
 * standard deviation; 0.2 is called small, 0.8 large.
 */
final class FeatureComparison {

    private static final double WATCHED_PSI = 0.1;

    private static final double DRIFTED_PSI = 0.25;

    private static final double WATCHED_SHIFT = 0.2;

    private static final double DRIFTED_SHIFT = 0.8;

    /** Training may have seen one value only, or nearly. */
    private static final double LIMIT = 1000;

    /** An empty bin is taken for half a sample: the logarithm of none is none. */
    private static final double HALF = 0.5;

    private FeatureComparison() {
    }

    static FeatureDrift compare(FeatureBaseline training, LiveFeature live) {
        double psi = psi(training, live);
        double difference = live.mean() - training.mean();
        double shift = (training.std() > 0) ? Math.clamp(difference / training.std(), -LIMIT, LIMIT)
                : (difference == 0) ? 0 : Math.copySign(LIMIT, difference);
        return new FeatureDrift(training.name(), verdict(psi, Math.abs(shift)), psi, shift, live.mean(),
                training.mean(), training.neverZero() ? live.zeroShare() : 0, live.isConstant() && training.std() > 0);
    }

    private static DriftVerdict verdict(double psi, double shift) {
        if (psi > DRIFTED_PSI || shift > DRIFTED_SHIFT) {
            return DriftVerdict.DRIFTED;
        }
        return (psi > WATCHED_PSI || shift > WATCHED_SHIFT) ? DriftVerdict.WATCH : DriftVerdict.STABLE;
    }

    /**
     * Equal quantiles bound no bin of their own: their shares go to the bin that ends
     * with them. The outermost quantiles are training's extremes, beyond which live
     * values belong to the outermost bins.
     */
    static double psi(FeatureBaseline training, LiveFeature live) {
        List<Double> quantiles = training.quantiles();
        double share = 1.0 / (quantiles.size() - 1);
        List<double[]> bins = new ArrayList<>();
        double expected = 0;
        double before = 0;
        for (int i = 1; i < quantiles.size(); i++) {
            expected += share;
            boolean last = i == quantiles.size() - 1;
            if (!last && quantiles.get(i).equals(quantiles.get(i + 1))) {
                continue;
            }
            double upTo = last ? 1 : live.shareUpTo(quantiles.get(i));
            bins.add(new double[] { expected, upTo - before });
            before = upTo;
            expected = 0;
        }
        double sum = 0;
        for (double[] bin : bins) {
            double actual = (bin[1] * live.count() + HALF) / (live.count() + HALF * bins.size());
            sum += (actual - bin[0]) * Math.log(actual / bin[0]);
        }
        return sum;
    }

}
