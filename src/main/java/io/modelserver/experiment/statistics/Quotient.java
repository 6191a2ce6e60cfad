package io.modelserver.experiment.statistics;

import org.jspecify.annotations.Nullable;

/** Numbers that are null rather than NaN or infinite. */
public final class Quotient {

    private Quotient() {
    }

    /**
     * {@return the quotient, null if it is not finite, as with a denominator of 0}
     * @param numerator what is divided
     * @param denominator what it is divided by
     */
    public static @Nullable Double of(long numerator, long denominator) {
        return of((double) numerator, (double) denominator);
    }

    /**
     * {@return the quotient, null if it is not finite, as with a denominator of 0}
     * @param numerator what is divided
     * @param denominator what it is divided by
     */
    public static @Nullable Double of(double numerator, double denominator) {
        return finite(numerator / denominator);
    }

    /**
     * {@return the number, null if it is infinite or not a number}
     * @param number any number
     */
    public static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

}
