package io.modelserver.drift;

import java.time.Duration;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The same series and numbers as in {@code tools/test_feature_statistics.py}. */
class TrainedFeatureTest {

    private static final int ROWS = 20_000;

    @Test
    void limitsAreThoseThatTheTrainerWrites() {
        check(column(0.9, (value) -> value), Duration.ofDays(1), 0.145, 0.2716, 0.3035, 0.8);
        check(column(0.5, (value) -> Math.floor(2 * value)), Duration.ofHours(1), 0.4718, 0.7438, 0.513, 0.8);
        check(column(0.98, (value) -> Math.max(0, value)), Duration.ofDays(1), 0.4039, 0.7374, 0.5709, 0.8743);
    }

    @Test
    void aSlowFeatureIsJudgedByItsRange() {
        FeatureWindow window = TrainedFeature.of("slow", column(0.999, (value) -> value), 60).window();

        assertThat(window).isEqualTo(FeatureWindow.ofRange(Duration.ofDays(1), 1440));
    }

    private static void check(float[] column, Duration length, double psiWatch, double psi, double shiftWatch,
            double shift) {
        FeatureWindow window = TrainedFeature.of("feature", column, 60).window();

        assertThat(window.length()).isEqualTo(length);
        check(Objects.requireNonNull(window.psi()), psiWatch, psi);
        check(Objects.requireNonNull(window.meanShift()), shiftWatch, shift);
    }

    private static void check(Limits limits, double watch, double drifted) {
        assertThat(limits.watch()).isCloseTo(watch, Percentage.withPercentage(0.1));
        assertThat(limits.drifted()).isCloseTo(drifted, Percentage.withPercentage(0.1));
    }

    private static float[] column(double keep, DoubleUnaryOperator shape) {
        float[] column = new float[ROWS];
        long state = 1;
        double value = 0;
        for (int i = 0; i < ROWS; i++) {
            state = (state * 1103515245 + 12345) % (1L << 31);
            value = keep * value + state / (double) (1L << 31) - 0.5;
            column[i] = (float) shape.applyAsDouble(value);
        }
        return column;
    }

}
