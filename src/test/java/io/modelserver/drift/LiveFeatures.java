package io.modelserver.drift;

import java.util.SplittableRandom;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Features of one kind, each an autoregression of its own with a step a minute, whose
 * values come from a normal one by the quantile of their distribution.
 */
final class LiveFeatures {

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private final Kind kind;

    private final double keep;

    private final SplittableRandom random;

    private final double[] state;

    private double spare = Double.NaN;

    LiveFeatures(Kind kind, int halfLifeMinutes, int features, SplittableRandom random) {
        this.kind = kind;
        this.keep = Math.pow(0.5, 1.0 / halfLifeMinutes);
        this.random = random;
        this.state = new double[features];
        for (int i = 0; i < features; i++) {
            state[i] = gaussian();
        }
    }

    float[] next() {
        float[] values = new float[state.length];
        for (int i = 0; i < values.length; i++) {
            state[i] = keep * state[i] + Math.sqrt(1 - keep * keep) * gaussian();
            values[i] = (float) kind.value(state[i]);
        }
        return values;
    }

    /** Marsaglia's polar method: the JDK's own takes a third of the simulation's time. */
    private double gaussian() {
        if (!Double.isNaN(spare)) {
            double value = spare;
            spare = Double.NaN;
            return value;
        }
        while (true) {
            double x = 2 * random.nextDouble() - 1;
            double y = 2 * random.nextDouble() - 1;
            double square = x * x + y * y;
            if (square < 1 && square > 0) {
                double factor = Math.sqrt(-2 * Math.log(square) / square);
                spare = y * factor;
                return x * factor;
            }
        }
    }

    enum Kind {

        NORMAL(1),

        /** Student's t with 4 degrees of freedom, by the closed form of its quantile. */
        STUDENT_4(Math.sqrt(2)),

        /** 0 to 4, in equal parts. */
        DISCRETE(Math.sqrt(2));

        final double std;

        Kind(double std) {
            this.std = std;
        }

        double value(double normal) {
            return switch (this) {
                case NORMAL -> normal;
                case STUDENT_4 -> {
                    double tails = 2 * LiveFeatures.NORMAL.survivalProbability(Math.abs(normal));
                    double root = Math.sqrt(tails * (2 - tails));
                    double quantile = 2 * Math.sqrt(Math.max(0, Math.cos(Math.acos(root) / 3) / root - 1));
                    yield Math.copySign(quantile, normal);
                }
                case DISCRETE -> Math.min(4, Math.floor(5 * LiveFeatures.NORMAL.cumulativeProbability(normal)));
            };
        }

    }

}
