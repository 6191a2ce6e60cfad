package io.modelserver.experiment.assign;

import java.time.Duration;
import java.util.List;

import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.modelserver.experiment.assign.Samples.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class ExperimentTest {

    private static final Variant CONTROL = Variant.serving("control", model("a"), 0.9);

    private static final Variant TREATMENT = Variant.serving("treatment", model("b"), 0.1);

    private static final Variant SHADOW = Variant.shadow("shadow", model("c"));

    @Test
    void theFirstVariantIsControlAndShadowsAreNoTreatments() {
        Experiment experiment = with(CONTROL, SHADOW, TREATMENT);

        assertThat(experiment.control()).isEqualTo(CONTROL);
        assertThat(experiment.treatments()).containsExactly(TREATMENT);
        assertThat(experiment.shadows()).containsExactly(SHADOW);
        assertThat(experiment.variant("shadow")).contains(SHADOW);
        assertThat(experiment.variant("other")).isEmpty();
    }

    @Test
    void controlAndAShadowAreEnough() {
        assertThatNoException().isThrownBy(() -> with(Variant.serving("control", model("a"), 1), SHADOW));
    }

    @Test
    void sharesMayMissOneByAThousandth() {
        assertThatNoException().isThrownBy(() -> shares(0.333, 0.333, 0.333));
        assertProblem(() -> shares(0.5, 0.498), "variants", "traffic must sum to 1 ± 0.001, not to 0.998");
        assertProblem(() -> shares(0.9, 0.2), "variants", "not to 1.1");
    }

    @ParameterizedTest
    @CsvSource({ "0, it is 0.0", "-0.5, it is -0.5", "1.5, it is 1.5", "NaN, it is NaN", "Infinity, it is Infinity" })
    void aShareIsANumberBetweenZeroAndOne(double traffic, String message) {
        assertProblem(() -> shares(1, traffic), "variants[1].traffic", message);
    }

    @Test
    void aShadowHasNoTraffic() {
        assertProblem(() -> with(CONTROL, TREATMENT, new Variant("shadow", model("c"), 0.1, true)),
                "variants[2].traffic", "of a shadow must be 0, not 0.1");
        assertProblem(() -> with(SHADOW, Variant.serving("treatment", model("b"), 1)), "variants[0].shadow",
                "the first variant is control");
    }

    @Test
    void thereAreAtLeastTwoVariantsOfDifferentNames() {
        assertProblem(() -> with(Variant.serving("control", model("a"), 1)), "variants",
                "control and at least one more, 16 at most; there are 1");
        assertProblem(() -> with(CONTROL, Variant.serving("control", model("b"), 0.1)), "variants[1].name",
                "'control' appears twice");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "..", "../x", "a/b", "a\\b", "a b", "-a", "ü", "a\n", "a\0", "%2e" })
    void namesAreFromAnAllowList(String name) {
        assertProblem(() -> experiment(name, List.of(CONTROL, TREATMENT)), "experiment_id", "must be 1 to 128 letters");
        assertProblem(() -> with(CONTROL, Variant.serving(name, model("b"), 0.1)), "variants[1].name", "must be 1 to");
        assertProblem(() -> with(CONTROL, Variant.serving("t", new ModelId(name, "b"), 0.1)), "variants[1].model_name",
                "must be 1 to");
        assertProblem(() -> with(CONTROL, Variant.serving("t", model(name), 0.1)), "variants[1].model_version",
                "must be 1 to");
    }

    @Test
    void aNameHasAnEnd() {
        assertProblem(() -> experiment("x".repeat(129), List.of(CONTROL, TREATMENT)), "experiment_id", "1 to 128");
    }

    @ParameterizedTest
    @ValueSource(strings = { "production", "staging", "latest" })
    void aStageIsNoExactVersion(String stage) {
        assertProblem(() -> with(CONTROL, Variant.serving("t", model(stage), 0.1)), "variants[1].model_version",
                "must be an exact version, not '" + stage + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "PT0S", "PT-1H", "P4000D", "PT2562047788015215H30M7S" })
    void durationIsPositiveAndBounded(Duration duration) {
        assertProblem(
                () -> new Experiment("e", List.of(CONTROL, TREATMENT), AssignBy.SYMBOL, Samples.START, duration, 100,
                        OnVerdict.REPORT, Guardrails.none(), new Status.Running()),
                "duration_hours", "must be more than 0 and at most 87840 hours, not " + duration.toSeconds() / 3600.0);
    }

    @Test
    void atLeastOneSampleIsAskedFor() {
        assertProblem(
                () -> new Experiment("e", List.of(CONTROL, TREATMENT), AssignBy.SYMBOL, Samples.START,
                        Duration.ofHours(1), 0, OnVerdict.REPORT, Guardrails.none(), new Status.Running()),
                "min_samples", "must be at least 1, not 0");
    }

    @Test
    void guardrailsAreFiniteLimits() {
        assertProblem(() -> guarded(-0.1, null, null), "guardrails.max_error_rate_increase",
                "must be from 0.0 to 1.0, not -0.1");
        assertProblem(() -> guarded(1.1, null, null), "guardrails.max_error_rate_increase", "not 1.1");
        assertProblem(() -> guarded(null, 0.5, null), "guardrails.max_error_rate_ratio", "at least 1.0, not 0.5");
        assertProblem(() -> guarded(null, Double.NaN, null), "guardrails.max_error_rate_ratio", "not NaN");
        assertProblem(() -> guarded(null, null, Double.POSITIVE_INFINITY), "guardrails.max_p95_latency_ratio",
                "not Infinity");
        assertThatNoException().isThrownBy(() -> guarded(0.01, 2.0, 1.5));
    }

    @Test
    void everyProblemIsToldAtOnce() {
        assertThatExceptionOfType(InvalidExperimentException.class)
            .isThrownBy(() -> experiment("..", List.of(Variant.serving("a b", model("latest"), 2))))
            .satisfies((ex) -> assertThat(ex.problems()).extracting(BrokenRule::field)
                .containsExactly("experiment_id", "variants", "variants[0].name", "variants[0].model_version",
                        "variants[0].traffic", "variants"));
    }

    @Test
    void itRunsUntilItsTimeIsOut() {
        Experiment experiment = with(CONTROL, TREATMENT);

        assertThat(experiment.isRunning(Samples.DURING)).isTrue();
        assertThat(experiment.ranItsTime(Samples.DURING)).isFalse();
        assertThat(experiment.isRunning(Samples.AFTER)).isFalse();
        assertThat(experiment.ranItsTime(Samples.AFTER)).isTrue();
    }

    @Test
    void whoStopsItEarlyGetsNoFinalTest() {
        Experiment stopped = with(CONTROL, TREATMENT).ended(Ending.STOPPED, Samples.DURING, "stopped by hand");

        assertThat(stopped.isRunning(Samples.DURING)).isFalse();
        assertThat(stopped.ranItsTime(Samples.AFTER)).isFalse();
        assertThat(stopped.ended(Ending.FINISHED, Samples.AFTER, "time").ranItsTime(Samples.AFTER)).isTrue();
    }

    @Test
    void aRequestWithoutARoutingKeyGoesBySymbol() {
        assertThat(AssignBy.KEY.unit("BTCUSDT", "client-7", "id-1")).isEqualTo("client-7");
        assertThat(AssignBy.KEY.unit("BTCUSDT", null, "id-1")).isEqualTo("BTCUSDT");
        assertThat(AssignBy.SYMBOL.unit("BTCUSDT", "client-7", "id-1")).isEqualTo("BTCUSDT");
        assertThat(AssignBy.REQUEST.unit("BTCUSDT", "client-7", "id-1")).isEqualTo("id-1");
    }

    private static Experiment with(Variant... variants) {
        return experiment("e", List.of(variants));
    }

    private static Experiment experiment(String id, List<Variant> variants) {
        return Samples.of(id, variants, Guardrails.none());
    }

    private static Experiment shares(double... shares) {
        return Samples.split("e", shares);
    }

    private static Experiment guarded(@Nullable Double increase, @Nullable Double ratio, @Nullable Double latency) {
        return Samples.of("e", List.of(CONTROL, TREATMENT), new Guardrails(increase, ratio, latency));
    }

    private static void assertProblem(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String field,
            String message) {
        assertThatExceptionOfType(InvalidExperimentException.class).isThrownBy(call)
            .satisfies((ex) -> assertThat(ex.problems()).anySatisfy((problem) -> {
                assertThat(problem.field()).isEqualTo(field);
                assertThat(problem.message()).contains(message);
            }));
    }

}
