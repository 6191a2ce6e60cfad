package io.modelserver.drift;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Over how much time each feature is judged, and from when on. */
class FeatureWindowsTest {

    private static final ModelId MODEL = new ModelId("m", "1");

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private static final DriftSettings SETTINGS = new DriftSettings(24 * 60 * MINUTE, 1, 500);

    private static final FeatureWindow HOUR = FeatureWindow.ofBlocks(Duration.ofHours(1), 60, new Limits(0.5, 1),
            new Limits(0.5, 1));

    private static final FeatureWindow DAY = FeatureWindow.ofBlocks(Duration.ofDays(1), 1440, new Limits(0.5, 1),
            new Limits(0.5, 1));

    private static final FeatureWindow RANGE = FeatureWindow.ofRange(Duration.ofDays(1), 1440);

    private final Random random = new Random(3);

    private long now;

    @Test
    void aFeatureIsJudgedOnceItsOwnWindowIsFull() {
        DriftMonitor monitor = monitor(HOUR, DAY);
        ask(monitor, 45, 3);
        assertThat(verdicts(monitor)).isEqualTo("0 too_few_samples, 1 too_few_samples");
        ask(monitor, 20, 3);
        assertThat(verdicts(monitor)).isEqualTo("0 drifted, 1 too_few_samples");
        ask(monitor, 23 * 60, 3);

        assertThat(verdicts(monitor)).isEqualTo("0 drifted, 1 drifted");
    }

    @Test
    void oneBotThatAsksOnceAMinuteAsksOftenEnough() {
        DriftMonitor monitor = monitor(HOUR);
        ask(monitor, 60, 0);

        assertThat(monitor.report(MODEL).samples()).isLessThan(SETTINGS.minSamples());
        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.STABLE);
    }

    @Test
    void aWindowWithLongGapsIsNotFull() {
        DriftMonitor monitor = monitor(HOUR);
        ask(monitor, 20, 3);
        now += 30 * MINUTE;
        for (int i = 0; i < 100; i++) {
            ask(monitor, 1, 3);
            now -= MINUTE - MINUTE / 20;
        }

        assertThat(verdicts(monitor)).isEqualTo("0 too_few_samples");
    }

    @Test
    void aSlowFeatureMayBeAnywhereNearTrainingsRange() {
        DriftMonitor monitor = monitor(RANGE);
        ask(monitor, 1500, 4);

        FeatureDrift feature = monitor.report(MODEL).features().getFirst();
        assertThat(feature.verdict()).isEqualTo(DriftVerdict.STABLE);
        assertThat(feature.meanShift()).isGreaterThan(3);
        assertThat(monitor.report(MODEL).worstPsi()).isZero();
        assertThat(monitor.report(MODEL).worstDistance()).isLessThan(1);
    }

    @Test
    void whatIsFarOutsideTrainingsRangeIsFoundBeforeTheWindowIsFull() {
        DriftMonitor monitor = monitor(RANGE, DAY);
        ask(monitor, 499, 40);
        assertThat(verdicts(monitor)).isEqualTo("0 too_few_samples, 1 too_few_samples");
        ask(monitor, 1, 40);

        assertThat(verdicts(monitor)).isEqualTo("0 drifted, 1 drifted");
        assertThat(monitor.report(MODEL).features().getFirst().outsideShare()).isEqualTo(1);
    }

    @Test
    void aVersionHasDriftedOnceATenthOfItsFeaturesHave() {
        FeatureWindow[] twenty = new FeatureWindow[20];
        Arrays.fill(twenty, HOUR);
        DriftMonitor monitor = monitor(twenty);
        float[] shift = new float[20];
        shift[7] = 3;
        ask(monitor, 60, shift);
        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.WATCH);
        shift[8] = 3;
        ask(monitor, 60, shift);

        assertThat(monitor.report(MODEL).driftedShare()).isEqualTo(0.1);
        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void aFeatureToBeWatchedDoesNotMakeItsVersionOne() {
        FeatureWindow[] twenty = new FeatureWindow[20];
        Arrays.fill(twenty, FeatureWindow.ofBlocks(Duration.ofHours(1), 60, new Limits(4, 4), new Limits(0.5, 2)));
        DriftMonitor monitor = monitor(twenty);
        float[] shift = new float[20];
        shift[7] = 1.25f;
        ask(monitor, 60, shift);

        assertThat(monitor.report(MODEL).features().getFirst().verdict()).isEqualTo(DriftVerdict.WATCH);
        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.STABLE);
    }

    @Test
    void windowsThatMakeNoSenseAreRefused() {
        Limits limits = new Limits(1, 1);
        assertThatIllegalArgumentException()
            .isThrownBy(() -> FeatureWindow.ofBlocks(Duration.ofSeconds(59), 60, limits, limits));
        assertThatIllegalArgumentException().isThrownBy(() -> FeatureWindow.ofRange(Duration.ofDays(32), 60));
        assertThatIllegalArgumentException().isThrownBy(() -> FeatureWindow.ofRange(Duration.ofDays(1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(2, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(Double.NaN, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits(1, Double.POSITIVE_INFINITY));
    }

    private DriftMonitor monitor(FeatureWindow... windows) {
        List<Double> quantiles = List.of(-3.0, -1.28, -0.84, -0.52, -0.25, 0.0, 0.25, 0.52, 0.84, 1.28, 3.0);
        List<FeatureBaseline> features = IntStream.range(0, windows.length)
            .mapToObj(
                    (i) -> new FeatureBaseline(String.valueOf(i), 0, 1, quantiles, Bins.between(quantiles), windows[i]))
            .toList();
        DriftMonitor monitor = new DriftMonitor((version) -> Baseline.of(new ArrayList<>(features), List.of()),
                SETTINGS, () -> now);
        monitor.start();
        return monitor;
    }

    /** Steps of normal features, one a minute, all or each shifted. */
    private void ask(DriftMonitor monitor, int times, float... shift) {
        int features = monitor.report(MODEL).baseline().features().size();
        for (int i = 0; i < times; i++) {
            now += MINUTE;
            float[] step = new float[features];
            for (int j = 0; j < features; j++) {
                step[j] = (float) random.nextGaussian() + shift[j % shift.length];
            }
            monitor.answered(MODEL, new ModelInput(List.of(new Tensor(new int[] { 1, features }, step))));
            monitor.runOnce();
        }
    }

    private static String verdicts(DriftMonitor monitor) {
        return monitor.report(MODEL)
            .features()
            .stream()
            .map((feature) -> feature.feature() + " " + feature.verdict().name().toLowerCase(Locale.ROOT))
            .sorted()
            .collect(Collectors.joining(", "));
    }

}
