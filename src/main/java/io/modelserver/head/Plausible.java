package io.modelserver.head;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/** What numbers must be to mean what they are taken for. */
public final class Plausible {

    /** How far rounding may carry a number over its bound. */
    private static final float ROUNDING = 1e-4f;

    /** How far the rounded probabilities of a row may be from a sum of 1. */
    public static final double SUM = 5e-3;

    private Plausible() {
    }

    /**
     * Explains why a number can't be a confidence.
     * @param value finite
     * @return a sentence, or null if it lies in [0, 1]
     */
    public static @Nullable String confidenceProblem(float value) {
        return (value >= -ROUNDING && value <= 1 + ROUNDING) ? null
                : "the model's confidence is %s, which is outside [0, 1]".formatted(value);
    }

    /**
     * Explains why a number can't be a return.
     * @param value finite
     * @return a sentence, or null if it lies in [-1, 1]
     */
    public static @Nullable String returnProblem(float value) {
        return (Math.abs(value) <= 1) ? null
                : ("the model's expected_return is %s, which is outside [-1, 1]: it must be a fraction of the price, "
                        + "not percent (divide by 100 in the model) or an amount")
                    .formatted(value);
    }

    /**
     * Whether numbers can be the probabilities of one sample.
     * @param values one or more rows
     * @param first where the row begins
     * @param classes how many numbers it has
     * @return whether none is negative and they sum to 1
     */
    public static boolean isProbabilities(float[] values, int first, int classes) {
        return sumsTo(1, SUM, values, first, classes);
    }

    /**
     * Whether numbers can be shares of a whole.
     * @param total what they must sum to
     * @param tolerance how far their sum may be from it
     * @param values one or more rows
     * @param first where the row begins
     * @param classes how many numbers it has
     * @return whether none is negative and they have that sum
     */
    public static boolean sumsTo(double total, double tolerance, float[] values, int first, int classes) {
        double sum = 0;
        for (int i = first; i < first + classes; i++) {
            if (!(values[i] >= -ROUNDING)) {
                return false;
            }
            sum += values[i];
        }
        return Math.abs(sum - total) <= tolerance;
    }

    static @Nullable String probabilityProblem(float value) {
        return (confidenceProblem(value) == null) ? null
                : "the model's probability of its second class is %s, which is outside [0, 1]".formatted(value);
    }

    static @Nullable String probabilitiesProblem(float[] values, int first, int classes) {
        return isProbabilities(values, first, classes) ? null
                : "the model's probabilities are %s: they must not be negative and must sum to 1"
                    .formatted(Arrays.toString(Arrays.copyOfRange(values, first, first + classes)));
    }

}
