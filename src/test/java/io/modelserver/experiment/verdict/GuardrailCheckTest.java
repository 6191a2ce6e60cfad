package io.modelserver.experiment.verdict;

import java.util.List;
import java.util.SplittableRandom;

import io.modelserver.experiment.assign.Guardrail;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import org.junit.jupiter.api.Test;

import static io.modelserver.experiment.assign.Samples.answered;
import static io.modelserver.experiment.assign.Samples.failed;
import static io.modelserver.experiment.assign.Samples.model;
import static org.assertj.core.api.Assertions.assertThat;

class GuardrailCheckTest {

    private static final long MILLI = 1_000_000;

    @Test
    void aTreatmentThatFailsIsTakenOutAtOnce() {
        Evidence evidence = evidence(new Guardrails(0.01, null, null));
        for (int i = 0; i < 900; i++) {
            evidence.add("control", answered("c" + i, MILLI));
        }
        for (int i = 0; i < 100; i++) {
            evidence.add("treatment", failed("the only symbol"));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.breaches()).singleElement().satisfies((breach) -> {
            assertThat(breach.guardrail()).isEqualTo(Guardrail.ERROR_RATE);
            assertThat(breach.reason()).startsWith("treatment failed on 100 of 100 requests (100 %, surely more ");
        });
        assertThat(analysis.recommendation().action()).isEqualTo(Action.ROLLBACK);
        assertThat(analysis.recommendation().variant()).isEqualTo("treatment");
        assertThat(analysis.recommendation().reasons().getFirst()).isEqualTo(analysis.breaches().getFirst().reason());
    }

    @Test
    void aFewFailuresMoreAreNoise() {
        Evidence evidence = evidence(new Guardrails(0.0, 1.0, null));
        for (int i = 0; i < 1000; i++) {
            evidence.add("control", (i % 100 == 0) ? failed("c" + i) : answered("c" + i, MILLI));
            evidence.add("treatment", (i % 70 == 0) ? failed("t" + i) : answered("t" + i, MILLI));
        }

        assertThat(breaches(evidence)).isEmpty();
    }

    @Test
    void ratesMayDifferByWhatTheGuardrailAllows() {
        Evidence allowed = evidence(new Guardrails(0.2, null, null));
        Evidence ratio = evidence(new Guardrails(null, 3.0, null));
        Evidence none = evidence(Guardrails.none());
        for (Evidence evidence : List.of(allowed, ratio, none)) {
            for (int i = 0; i < 2000; i++) {
                evidence.add("control", (i % 50 == 0) ? failed("c" + i) : answered("c" + i, MILLI));
                evidence.add("treatment", (i % 5 == 0) ? failed("t" + i) : answered("t" + i, MILLI));
            }
        }

        assertThat(breaches(allowed)).isEmpty();
        assertThat(breaches(none)).isEmpty();
        assertThat(breaches(ratio)).hasSize(1);
    }

    @Test
    void aSlowTreatmentIsTakenOut() {
        Evidence evidence = evidence(new Guardrails(null, null, 1.5));
        for (int i = 0; i < 2000; i++) {
            evidence.add("control", answered("c" + i, MILLI + i * 1000L));
            evidence.add("treatment", answered("t" + i, 2 * MILLI + i * 2000L));
        }

        assertThat(breaches(evidence)).singleElement().satisfies((breach) -> {
            assertThat(breach.guardrail()).isEqualTo(Guardrail.P95_LATENCY);
            assertThat(breach.reason()).startsWith("treatment has a p95 latency of 5.799 ms, ").contains("1.5 times");
        });
    }

    @Test
    void latencyWithinTheLimitIsNoBreach() {
        Evidence evidence = evidence(new Guardrails(null, null, 2.5));
        for (int i = 0; i < 2000; i++) {
            evidence.add("control", answered("c" + i, MILLI + i * 1000L));
            evidence.add("treatment", answered("t" + i, 2 * MILLI + i * 2000L));
        }

        assertThat(breaches(evidence)).isEmpty();
    }

    @Test
    void beforeTheLeastSamplesNothingIsBreached() {
        Evidence evidence = evidence(new Guardrails(0.0, 1.0, 1.0));
        for (int i = 0; i < 99; i++) {
            evidence.add("control", answered("c" + i, MILLI));
            evidence.add("treatment", failed("t" + i));
        }

        assertThat(breaches(evidence)).isEmpty();
    }

    @Test
    void equalVariantsSeldomBreachTheNarrowestGuardrailsAtAnyLook() {
        SplittableRandom random = new SplittableRandom(17);
        int breached = 0;
        for (int run = 0; run < 100; run++) {
            Evidence evidence = evidence(new Guardrails(0.0, 1.0, 1.0));
            boolean ever = false;
            for (int i = 0; i < 500; i++) {
                add(evidence, "control", random, i);
                add(evidence, "treatment", random, i);
                ever |= !breaches(evidence).isEmpty();
            }
            breached += ever ? 1 : 0;
        }

        assertThat(breached).isLessThanOrEqualTo(3);
    }

    private static void add(Evidence evidence, String variant, SplittableRandom random, int i) {
        boolean fails = random.nextDouble() < 0.05;
        evidence.add(variant, fails ? failed(variant + i)
                : answered(variant + i, (long) (MILLI * Math.exp(0.5 * random.nextGaussian()))));
    }

    private static List<Breach> breaches(Evidence evidence) {
        return new GuardrailCheck(evidence.experiment()).breaches(evidence);
    }

    private static Evidence evidence(Guardrails guardrails) {
        return new Evidence(
                Samples.of("guarded",
                        List.of(Variant.serving("control", model("a"), 0.5),
                                Variant.serving("treatment", model("b"), 0.5)),
                        guardrails),
                AnalysisSettings.defaults());
    }

}
