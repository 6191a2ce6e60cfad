package io.modelserver.drift;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DriftMonitorTest {

    private static final ModelId MODEL = new ModelId("m", "1");

    private static final ModelId UNKNOWN = new ModelId("m", "2");

    private static final Baseline.Without GONE = new Baseline.Without("gone", "gone is not in feature_stats");

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final DriftSettings SETTINGS = new DriftSettings(60 * SECOND, SECOND, 10);

    private long now = -5;

    private final DriftMonitor monitor = new DriftMonitor((version) -> version.equals(MODEL)
            ? Baseline.of(Arrays.asList(feature("low", 1), null, feature("high", 100)), List.of(GONE))
            : Baseline.lacking("no statistics"), SETTINGS, () -> now);

    @BeforeEach
    void start() {
        monitor.start();
    }

    @Test
    void warmingUpIsNotLookedAt() {
        DriftMonitor cold = new DriftMonitor((version) -> Baseline.lacking("no statistics"), SETTINGS, () -> now);
        cold.answered(MODEL, input(1, 0, 100));
        cold.runOnce();

        assertThat(cold.versions()).isEmpty();
    }

    @Test
    void nothingIsSaidOfFewSamples() {
        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.TOO_FEW_SAMPLES);
        ask(9, 1, 0, 900);

        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.TOO_FEW_SAMPLES);
        assertThat(monitor.report(MODEL).samples()).isEqualTo(9);
        ask(1, 1, 0, 900);

        assertThat(monitor.report(MODEL).verdict()).isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void aVersionWithoutStatisticsHasNoBaseline() {
        assertThat(monitor.report(UNKNOWN))
            .isEqualTo(DriftReport.withoutBaseline(UNKNOWN, Baseline.lacking("no statistics")));
        monitor.answered(UNKNOWN, new ModelInput(List.of(new Tensor(new int[] { 1 }, new float[] { 1 }))));
        monitor.runOnce();

        assertThat(monitor.report(UNKNOWN).verdict()).isEqualTo(DriftVerdict.NO_BASELINE);
    }

    @Test
    void aBaselineHasAFeatureOrSaysWhyNot() {
        assertThatIllegalArgumentException().isThrownBy(() -> Baseline.of(Arrays.asList(null, null), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Baseline.lacking(""));
    }

    @Test
    void theLastStepOfAWindowIsComparedAndTheWorstFeatureComesFirst() {
        ask(20, 1, 0, 300);

        DriftReport report = monitor.report(MODEL);

        assertThat(report.features()).extracting(FeatureDrift::feature).containsExactly("high", "low");
        assertThat(report.features().getFirst().liveMean()).isEqualTo(300);
        assertThat(report.features().getFirst().verdict()).isEqualTo(DriftVerdict.DRIFTED);
        assertThat(report.verdict()).isEqualTo(DriftVerdict.DRIFTED);
        assertThat(report.constantShare()).isEqualTo(1);
        assertThat(report.baseline().without()).containsExactly(GONE);
        assertThat(report.count(Basis.FIXED)).isEqualTo(2);
    }

    @Test
    void aVersionIsSampledOnceAnInterval() {
        for (int i = 0; i < 100; i++) {
            monitor.answered(MODEL, input(1, 0, 100));
        }
        monitor.runOnce();

        assertThat(monitor.report(MODEL).samples()).isEqualTo(1);
    }

    @Test
    void noMoreWaitThanTheQueueHolds() {
        for (int i = 0; i < 1000; i++) {
            now += SECOND / 100;
            monitor.answered(MODEL, input(1, 0, 100));
            now += SECOND;
        }
        monitor.runOnce();

        assertThat(monitor.report(MODEL).samples()).isEqualTo(64);
    }

    @Test
    void oldSamplesLeaveTheWindow() {
        ask(20, 1, 0, 100);
        now += 50 * SECOND;
        ask(10, 1, 0, 100);
        assertThat(monitor.report(MODEL).samples()).isLessThan(30);
        now += 61 * SECOND;

        assertThat(monitor.report(MODEL).samples()).isZero();
    }

    @Test
    void anInputOfAnotherWidthIsPassedOver() {
        for (int i = 0; i < 20; i++) {
            now += SECOND;
            monitor.answered(MODEL, new ModelInput(List.of(new Tensor(new int[] { 2 }, new float[] { 1, 2 }))));
        }
        monitor.runOnce();

        assertThat(monitor.report(MODEL).samples()).isZero();
    }

    @Test
    void versionsThatAreGoneAreForgotten() {
        ask(20, 1, 0, 100);
        monitor.keep(List.of(MODEL));
        assertThat(monitor.versions()).containsExactly(MODEL);
        monitor.keep(List.of());
        assertThat(monitor.versions()).isEmpty();
        ask(20, 1, 0, 100);
        monitor.forget(MODEL);

        assertThat(monitor.report(MODEL).samples()).isZero();
    }

    @Test
    void aBaselineThatMakesNoSenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureBaseline("f", 0, -1, List.of(0.0, 1.0)));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new FeatureBaseline("f", Double.NaN, 1, List.of(0.0, 1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureBaseline("f", 0, 1, List.of(0.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureBaseline("f", 0, 1, List.of(1.0, 0.0)));
    }

    private void ask(int times, float... step) {
        for (int i = 0; i < times; i++) {
            now += SECOND;
            monitor.answered(MODEL, input(step));
            monitor.runOnce();
        }
    }

    private static ModelInput input(float... lastStep) {
        float[] values = Arrays.copyOf(new float[] { -9, -9, -9 }, 6);
        System.arraycopy(lastStep, 0, values, 3, 3);
        return new ModelInput(List.of(new Tensor(new int[] { 2, 3 }, values)));
    }

    private static FeatureBaseline feature(String name, double mean) {
        return new FeatureBaseline(name, mean, mean / 4, List.of(mean / 2, 0.9 * mean, 1.1 * mean, 1.5 * mean));
    }

}
