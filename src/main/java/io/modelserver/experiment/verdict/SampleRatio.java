package io.modelserver.experiment.verdict;

import java.util.Arrays;
import java.util.List;

import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.Evidence;
import org.apache.commons.numbers.gamma.LogGamma;
import org.jspecify.annotations.Nullable;

/**
 * Whether the variants got the shares of units that they were meant to get. Where they
 * did not, some units were lost or doubled on the way, seldom at random, and no
 * difference can be trusted (Fabijan et al., "Diagnosing sample ratio mismatch in online
 * controlled experiments", KDD 2019).
 * <p>
 * The test holds at all looks at once, exactly: the likelihood ratio of "some shares,
 * drawn from a Dirichlet distribution about the right ones" to "the right ones" is a
 * martingale if they are right, so it ever reaches 1 ∕ α with probability α at most
 * (Lindon and Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022).
 *
 * @param pValue valid at every look, or null while any variant expects less than 5 units
 * @param mismatch whether it is below 0.001
 */
public record SampleRatio(@Nullable Double pValue, boolean mismatch) {

    static final double ALPHA = 0.001;

    private static final double LEAST_EXPECTED = 5;

    /** As many units as the prior is worth: a tenth of a share is found fastest. */
    private static final double CONCENTRATION = 100;

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

    /**
     * Tests whether units came in the right shares.
     * @param observed how many units each variant got
     * @param shares that each should get, in the same order; their sum need not be 1
     * @return the result
     */
    public static SampleRatio of(long[] observed, double[] shares) {
        long units = Arrays.stream(observed).sum();
        double all = Arrays.stream(shares).sum();
        double least = Arrays.stream(shares).min().orElse(0);
        if (shares.length < 2 || units * least < LEAST_EXPECTED) {
            return new SampleRatio(null, false);
        }
        double logRatio = LogGamma.value(CONCENTRATION) - LogGamma.value(CONCENTRATION + units);
        for (int i = 0; i < shares.length; i++) {
            double prior = CONCENTRATION * shares[i] / all;
            logRatio += LogGamma.value(prior + observed[i]) - LogGamma.value(prior)
                    - observed[i] * Math.log(shares[i] / all);
        }
        double pValue = Math.min(1, Math.exp(-logRatio));
        return new SampleRatio(pValue, pValue < ALPHA);
    }

}
