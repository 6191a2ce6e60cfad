package io.modelserver.experiment;

import java.util.List;

import org.apache.commons.statistics.inference.ChiSquareTest;
import org.jspecify.annotations.Nullable;

/**
 * Whether the variants got the shares of units that they were meant to get. Where they
 * did not, some units were lost or doubled on the way, seldom at random, and no
 * difference can be trusted (Fabijan et al., "Diagnosing sample ratio mismatch in online
 * controlled experiments", KDD 2019).
 *
 * @param pValue of the chi-square test, or null while any variant expects less than 5
 * units, too few for it
 * @param mismatch whether it is below 0.001
 */
public record SampleRatio(@Nullable Double pValue, boolean mismatch) {

    private static final double ALPHA = 0.001;

    private static final double LEAST_EXPECTED = 5;

    static SampleRatio of(Evidence evidence) {
        List<Variant> serving = evidence.experiment()
            .variants()
            .stream()
            .filter((variant) -> !variant.shadow())
            .toList();
        long[] observed = serving.stream().mapToLong((variant) -> evidence.tally(variant).units()).toArray();
        double[] shares = serving.stream().mapToDouble(Variant::traffic).toArray();
        return of(observed, shares);
    }

    static SampleRatio of(long[] observed, double[] shares) {
        long units = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < shares.length; i++) {
            units += observed[i];
            least = Math.min(least, shares[i]);
        }
        if (shares.length < 2 || units * least < LEAST_EXPECTED) {
            return new SampleRatio(null, false);
        }
        double pValue = ChiSquareTest.withDefaults().test(shares, observed).getPValue();
        return new SampleRatio(pValue, pValue < ALPHA);
    }

}
