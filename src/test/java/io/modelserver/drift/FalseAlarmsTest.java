package io.modelserver.drift;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Predicate;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How often features that are as in training are said to have drifted, and whether a
 * shift is found. Each feature is trained on a stretch of its own, as long as the bundled
 * models', and then asked about once a minute. The short simulations run with every
 * build; the long ones with {@code -Psimulations}, which prints the table of
 * {@code docs/drift.md}.
 */
class FalseAlarmsTest {

    private static final ModelId MODEL = new ModelId("m", "1");

    private static final int TRAINING_ROWS = 26_000;

    private static final int DAY = 24 * 60;

    /** A report every so many minutes. */
    private static final int REPORTS = 30;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private long now;

    @ParameterizedTest
    @CsvSource({ "NORMAL,1", "STUDENT_4,1", "DISCRETE,1", "NORMAL,10", "DISCRETE,60", "STUDENT_4,240", "NORMAL,4320" })
    void aFeatureAsInTrainingIsSeldomSaidToHaveDrifted(LiveFeatures.Kind kind, int halfLifeMinutes) {
        assertThat(rates(kind, halfLifeMinutes, 40, 4).drifted()).isLessThanOrEqualTo(0.01);
    }

    @ParameterizedTest
    @CsvSource({ "NORMAL,1", "STUDENT_4,1", "DISCRETE,1", "NORMAL,10" })
    void aShiftOfTwoStandardDeviationsIsFoundInAFastFeature(LiveFeatures.Kind kind, int halfLifeMinutes) {
        assertThat(rates(kind, halfLifeMinutes, 40, 1).found()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void aVersionWhoseFeaturesMoveInTenFlocksIsQuietToo() {
        assertThat(versionDrifted(30, 10, 4)).isLessThanOrEqualTo(0.01);
    }

    @ParameterizedTest(name = "{0}, {1} minutes")
    @CsvSource({ "NORMAL,1", "NORMAL,5", "NORMAL,10", "NORMAL,30", "NORMAL,60", "NORMAL,120", "NORMAL,240",
            "NORMAL,720", "NORMAL,1440", "NORMAL,4320", "STUDENT_4,1", "STUDENT_4,5", "STUDENT_4,10", "STUDENT_4,30",
            "STUDENT_4,60", "STUDENT_4,120", "STUDENT_4,240", "STUDENT_4,720", "STUDENT_4,1440", "STUDENT_4,4320",
            "DISCRETE,1", "DISCRETE,5", "DISCRETE,10", "DISCRETE,30", "DISCRETE,60", "DISCRETE,120", "DISCRETE,240",
            "DISCRETE,720", "DISCRETE,1440", "DISCRETE,4320" })
    @EnabledIfSystemProperty(named = "simulations", matches = "true")
    void manyFeaturesForTwentyDays(LiveFeatures.Kind kind, int halfLifeMinutes) {
        Rates rates = rates(kind, halfLifeMinutes, 300, 20);

        System.out.printf(Locale.ROOT, "| %-9s | %4d | %5.1f | %5.1f | %5.1f | %4.2f | %4.2f | %5.1f |%n", kind,
                halfLifeMinutes, 100 * rates.hour(), 100 * rates.day(), 100 * rates.range(), 100 * rates.drifted(),
                100 * rates.watched(), 100 * rates.found());
        assertThat(rates.drifted()).isLessThanOrEqualTo(0.01);
        if (halfLifeMinutes <= 30) {
            assertThat(rates.found()).isGreaterThanOrEqualTo(0.9);
        }
    }

    @ParameterizedTest(name = "{0} minutes")
    @CsvSource({ "1", "10", "30", "60", "240", "4320" })
    @EnabledIfSystemProperty(named = "simulations", matches = "true")
    void manyVersionsForTwentyDays(int halfLifeMinutes) {
        double drifted = versionDrifted(halfLifeMinutes, 100, 20);

        System.out.printf(Locale.ROOT, "| version | %4d | %4.2f |%n", halfLifeMinutes, 100 * drifted);
        assertThat(drifted).isLessThanOrEqualTo(0.01);
    }

    private Rates rates(LiveFeatures.Kind kind, int halfLifeMinutes, int features, int days) {
        SplittableRandom random = new SplittableRandom(20260105L + halfLifeMinutes);
        List<FeatureBaseline> trained = trained(kind, halfLifeMinutes, features, random);
        LiveFeatures live = new LiveFeatures(kind, halfLifeMinutes, features, random);
        DriftMonitor monitor = monitor(trained);
        List<FeatureDrift> windows = new ArrayList<>();
        // The first day only fills the windows.
        for (int minute = 1; minute <= (days + 1) * DAY; minute++) {
            answer(monitor, live.next());
            if (minute > DAY && minute % REPORTS == 0) {
                windows.addAll(monitor.report(MODEL).features());
            }
        }
        for (int minute = 1; minute <= DAY; minute++) {
            float[] values = live.next();
            for (int i = 0; i < values.length; i++) {
                values[i] += (float) (2 * kind.std);
            }
            answer(monitor, values);
        }
        return Rates.of(windows, monitor.report(MODEL).features());
    }

    /**
     * A flock of features that are as good as one is a tenth of its version, which
     * suffices.
     */
    private double versionDrifted(int halfLifeMinutes, int versions, int days) {
        int flocks = 10;
        int drifted = 0;
        int reports = 0;
        for (int version = 0; version < versions; version++) {
            SplittableRandom random = new SplittableRandom(7 * version + halfLifeMinutes);
            List<FeatureBaseline> trained = trained(LiveFeatures.Kind.NORMAL, halfLifeMinutes, flocks, random);
            LiveFeatures live = new LiveFeatures(LiveFeatures.Kind.NORMAL, halfLifeMinutes, flocks, random);
            DriftMonitor monitor = monitor(trained);
            for (int minute = 1; minute <= (days + 1) * DAY; minute++) {
                answer(monitor, live.next());
                if (minute > DAY && minute % REPORTS == 0) {
                    reports++;
                    drifted += (monitor.report(MODEL).verdict() == DriftVerdict.DRIFTED) ? 1 : 0;
                }
            }
        }
        return (double) drifted / reports;
    }

    private static List<FeatureBaseline> trained(LiveFeatures.Kind kind, int halfLifeMinutes, int features,
            SplittableRandom random) {
        LiveFeatures past = new LiveFeatures(kind, halfLifeMinutes, features, random);
        float[][] columns = new float[features][TRAINING_ROWS];
        for (int row = 0; row < TRAINING_ROWS; row++) {
            float[] values = past.next();
            for (int i = 0; i < features; i++) {
                columns[i][row] = values[i];
            }
        }
        return Arrays.stream(columns).map((column) -> TrainedFeature.of("feature", column, 60)).toList();
    }

    private DriftMonitor monitor(List<FeatureBaseline> trained) {
        DriftMonitor monitor = new DriftMonitor((version) -> Baseline.of(new ArrayList<>(trained), List.of()),
                new DriftSettings(DAY * MINUTE, MINUTE / 20, 500), () -> now);
        monitor.start();
        return monitor;
    }

    private void answer(DriftMonitor monitor, float[] step) {
        now += MINUTE;
        monitor.answered(MODEL, new ModelInput(List.of(new Tensor(new int[] { 1, step.length }, step))));
        monitor.runOnce();
    }

    /** Shares: of features by how they are judged, and of their windows. */
    private record Rates(double hour, double day, double range, double drifted, double watched, double found) {

        static Rates of(List<FeatureDrift> windows, List<FeatureDrift> shifted) {
            return new Rates(share(shifted, (one) -> one.window().length().equals(Duration.ofHours(1))), share(shifted,
                    (one) -> one.window().basis() == Basis.BLOCKS && one.window().length().equals(Duration.ofDays(1))),
                    share(shifted, (one) -> one.window().basis() == Basis.RANGE),
                    share(windows, (one) -> one.verdict() == DriftVerdict.DRIFTED),
                    share(windows, (one) -> one.verdict() == DriftVerdict.WATCH),
                    share(shifted, (one) -> one.verdict() == DriftVerdict.DRIFTED));
        }

        private static double share(List<FeatureDrift> of, Predicate<FeatureDrift> condition) {
            return (double) of.stream().filter(condition).count() / of.size();
        }

    }

}
