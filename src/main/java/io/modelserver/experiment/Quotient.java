package io.modelserver.experiment;

import org.jspecify.annotations.Nullable;

/** Numbers that are null rather than NaN or infinite. */
final class Quotient {

    private Quotient() {
    }

    static @Nullable Double of(long numerator, long denominator) {
        return of((double) numerator, (double) denominator);
    }

    static @Nullable Double of(double numerator, double denominator) {
        return finite(numerator / denominator);
    }

    static @Nullable Double finite(double number) {
        return Double.isFinite(number) ? number : null;
    }

}
