package io.modelserver.experiment.verdict;

import io.modelserver.experiment.statistics.HolmAdjustment;
import io.modelserver.experiment.statistics.Method;
import org.jspecify.annotations.Nullable;

/**
 * How much better or worse a treatment was than control, and how sure that is.
 *
 * @param control the mean of control
 * @param treatment the mean of the treatment
 * @param difference treatment less control
 * @param relative {@code difference} ∕ |{@code control}|, or null if that is not a number
 * @param pValue two-sided, of this comparison alone
 * @param adjustedPValue for the number of treatments, by {@link HolmAdjustment}
 * @param lower where the interval of the difference begins, or null if it has no bounds
 * yet
 * @param upper where it ends, or null likewise
 * @param confidence of all treatments' intervals together (Bonferroni), e.g. 0.98
 * @param method how it was tested
 */
public record Difference(double control, double treatment, double difference, @Nullable Double relative, double pValue,
        double adjustedPValue, @Nullable Double lower, @Nullable Double upper, double confidence, Method method) {

    /**
     * {@return whether chance alone would give this too seldom}
     */
    public boolean isSignificant() {
        return adjustedPValue <= method.alpha();
    }

}
