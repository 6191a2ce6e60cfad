package io.modelserver.experiment.verdict;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.statistics.Method;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.Test;

import static io.modelserver.experiment.assign.Samples.bought;
import static io.modelserver.experiment.assign.Samples.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class AnalystTest {

    private final SplittableRandom random = new SplittableRandom(42);

    @Test
    void theBetterTreatmentIsPromoted() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        add(evidence, "control", 1000, 0);
        add(evidence, "treatment", 1000, 0.004);

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.method()).isEqualTo(Method.CONFIDENCE_SEQUENCE);
        assertThat(analysis.comparisons()).singleElement().satisfies((comparison) -> {
            assertThat(comparison.finding()).isInstanceOf(Finding.Better.class);
            assertThat(comparison.avgReturn()).isNotNull().satisfies((difference) -> {
                assertThat(difference.difference()).isCloseTo(0.004, within(0.002));
                assertThat(difference.lower()).isPositive();
                assertThat(difference.confidence()).isEqualTo(0.98);
            });
        });
        assertThat(analysis.recommendation().action()).isEqualTo(Action.PROMOTE);
        assertThat(analysis.recommendation().variant()).isEqualTo("treatment");
        assertThat(analysis.recommendation().reasons()).hasSize(2)
            .first()
            .asString()
            .startsWith("treatment has a mean return of 0.00")
            .contains("98 % interval", "confidence sequence, p = ");
        assertThat(analysis.recommendation().reasons().getLast()).endsWith("which does not decide");
    }

    @Test
    void theWorseTreatmentIsRolledBack() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        add(evidence, "control", 1000, 0.004);
        add(evidence, "treatment", 1000, 0);

        Recommendation recommendation = Analyst.analyse(evidence, Samples.DURING).recommendation();

        assertThat(recommendation.action()).isEqualTo(Action.ROLLBACK);
        assertThat(recommendation.variant()).isEqualTo("treatment");
    }

    @Test
    void withoutADifferenceItGoesOnUntilItsTimeIsOut() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        add(evidence, "control", 300, 0);
        add(evidence, "treatment", 300, 0);

        Recommendation during = Analyst.analyse(evidence, Samples.DURING).recommendation();
        Recommendation after = Analyst.analyse(evidence, Samples.FINAL_LOOK).recommendation();

        assertThat(during.action()).isEqualTo(Action.CONTINUE);
        assertThat(during.variant()).isNull();
        assertThat(during.reasons().getFirst())
            .isEqualTo("no difference has been shown; the experiment runs until 2026-01-03T03:04:05Z");
        assertThat(after.action()).isEqualTo(Action.CONTINUE);
        assertThat(after.reasons().getFirst()).endsWith("ran its time and no difference has been shown: control stays");
    }

    @Test
    void theFinalTestFindsWhatNoEarlierLookMay() {
        Experiment experiment = Samples.split("e", 0.5, 0.5);
        Evidence evidence = evidence(experiment);
        addAlternating(evidence, "control", 300, 0);
        addAlternating(evidence, "treatment", 300, 0.0023);

        Analysis during = Analyst.analyse(evidence, Samples.DURING);
        Analysis after = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(during.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(after.method()).isEqualTo(Method.WELCH_TEST);
        assertThat(after.recommendation().action()).isEqualTo(Action.PROMOTE);
    }

    @Test
    void untilOutcomesAreInTheEndIsALookLikeAnyOther() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        addAlternating(evidence, "control", 300, 0);
        addAlternating(evidence, "treatment", 300, 0.0023);

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK.minusMillis(1));

        assertThat(analysis.method()).isEqualTo(Method.CONFIDENCE_SEQUENCE);
        assertThat(analysis.timing().finalLook()).isFalse();
        assertThat(analysis.recommendation().reasons().getFirst()).isEqualTo(
                "the experiment ran its time; the final look is due at 2026-01-03T03:19:05Z, when its outcomes are in");
    }

    @Test
    void fewTimeBlocksAreNotJudgedHoweverManyTheirOutcomes() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        for (int i = 0; i < 2_000; i++) {
            long time = Samples.EVENT_MILLIS + i * 15_000L;
            evidence.add((i % 2 == 0) ? "control" : "treatment", Samples.signal("r" + i, time, Direction.BUY,
                    Samples.result(0.01 * random.nextGaussian() + ((i % 2 == 0) ? 0 : 0.1))));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(analysis.comparisons().getFirst().isWithheld()).isTrue();
        assertThat(reasons(analysis))
            .contains("the outcomes of control and treatment fall into 9 time blocks of 1 h, worth ");
    }

    @Test
    void aSmallVariantThatHasNotLostYetIsNotTakenToBeSafe() {
        Evidence evidence = evidence(Samples.split("e", 0.9, 0.1));
        for (int i = 0; i < 2_000; i++) {
            boolean treated = i % 10 == 0;
            double actualReturn = (!treated && i % 97 == 1) ? -0.05 : 0.001 + 1e-5 * random.nextGaussian();
            evidence.add(treated ? "treatment" : "control", bought("r" + i, actualReturn));
        }

        Comparison comparison = Analyst.analyse(evidence, Samples.FINAL_LOOK).comparisons().getFirst();

        assertThat(comparison.avgReturn()).isNotNull();
        assertThat(comparison.avgReturn().difference()).isPositive();
        assertThat(comparison.finding()).isInstanceOf(Finding.Unclear.class);
    }

    @Test
    void netReturnsDecideAndGrossOnesStandBeside() {
        Experiment experiment = Samples.split("e", 0.5, 0.5);
        Evidence evidence = new Evidence(experiment, new AnalysisSettings(0.001, 365, 40));
        for (int i = 0; i < 1_000; i++) {
            double actualReturn = 0.003 + 0.002 * random.nextGaussian();
            evidence.add("control", Samples.signal("c" + i, Direction.HOLD, actualReturn));
            evidence.add("treatment", bought("t" + i, actualReturn));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.recommendation().action()).isEqualTo(Action.ROLLBACK);
        assertThat(analysis.comparisons().getFirst().avgReturn()).isNotNull()
            .satisfies((net) -> assertThat(net.difference()).isNegative());
        assertThat(analysis.comparisons().getFirst().grossReturn()).isNotNull()
            .satisfies((gross) -> assertThat(gross.difference()).isPositive());
    }

    @Test
    void whatWasStoppedEarlyIsJudgedLikeAnEarlyLook() {
        Experiment stopped = Samples.split("e", 0.5, 0.5).ended(Ending.STOPPED, Samples.DURING, "stopped by hand");
        Evidence evidence = evidence(stopped);
        addAlternating(evidence, "control", 300, 0);
        addAlternating(evidence, "treatment", 300, 0.0023);

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(analysis.method()).isEqualTo(Method.CONFIDENCE_SEQUENCE);
        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(analysis.recommendation().reasons().getFirst()).contains("before its time");
    }

    @Test
    void fewOutcomesAreNotJudged() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        add(evidence, "control", 110, 0);
        add(evidence, "treatment", 99, 0.1);

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(reasons(analysis)).contains("treatment is not judged: treatment has 99 outcomes of at least 100");
    }

    @Test
    void fewUnitsAreNotJudgedHoweverManyTheirSignals() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        for (int i = 0; i < 20_000; i++) {
            evidence.add("control", bought("c" + i / 1000, 0.01 * random.nextGaussian()));
            evidence.add("treatment", bought("t" + i / 2500, 0.01 + 0.01 * random.nextGaussian()));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(reasons(analysis)).contains("the outcomes of treatment come from 8 units; at least 10 are needed");
    }

    @Test
    void oneUnitThatSendsNearlyAllIsLikeOneUnit() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        add(evidence, "control", 30, 0);
        for (int i = 0; i < 10_000; i++) {
            evidence.add("control", bought("large", 0.01 * random.nextGaussian()));
        }
        for (int i = 0; i < 10_000; i++) {
            evidence.add("treatment", bought("t" + i / 333, 0.1 + 0.01 * random.nextGaussian()));
        }

        assertThat(reasons(Analyst.analyse(evidence, Samples.FINAL_LOOK)))
            .contains("the outcomes of control come from 31 units, worth 1 of equal size; at least 10 are needed");
    }

    @Test
    void aSampleRatioMismatchWithholdsTheVerdict() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        add(evidence, "control", 1000, 0);
        add(evidence, "treatment", 780, 0.01);

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.sampleRatio().mismatch()).isTrue();
        assertThat(analysis.comparisons().getFirst().finding()).isInstanceOf(Finding.Withheld.class);
        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(reasons(analysis)).contains("differ from their shares by more than chance (p = 1.");
    }

    @Test
    void returnsThatDoNotVaryAreNotJudged() {
        Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
        for (int i = 0; i < 200; i++) {
            evidence.add("control", Samples.signal("c" + i, Direction.HOLD, 0.01));
            evidence.add("treatment", Samples.signal("t" + i, Direction.HOLD, 0.01));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(analysis.comparisons().getFirst().avgReturn()).isNull();
        assertThat(reasons(analysis)).contains("the returns of treatment and control do not vary");
    }

    @Test
    void noNumberIsEverInfinite() {
        for (double scale : new double[] { 1e-300, 1e-80, 1e-9, 1, Observation.GREATEST_RETURN }) {
            Evidence evidence = evidence(Samples.split("e", 0.5, 0.5));
            for (int i = 0; i < 50; i++) {
                evidence.add("control", bought("c" + i, (i % 3 == 0) ? scale : -scale));
                evidence.add("treatment", bought("t" + i, (i % 2 == 0) ? scale : -scale));
                for (Instant now : List.of(Samples.DURING, Samples.FINAL_LOOK)) {
                    assertThat(Analyst.analyse(evidence, now).toString()).doesNotContain("NaN", "Infinity");
                }
            }
        }
    }

    @Test
    void ofSeveralTreatmentsTheBestIsPromotedAndTheOthersAreTold() {
        Evidence evidence = evidence(Samples.split("e", 0.25, 0.25, 0.25, 0.25));
        add(evidence, "control", 1000, 0);
        add(evidence, "treatment", 1000, 0.005);
        add(evidence, "treatment2", 1000, 0.01);
        add(evidence, "treatment3", 1000, -0.01);

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.recommendation().action()).isEqualTo(Action.PROMOTE);
        assertThat(analysis.recommendation().variant()).isEqualTo("treatment2");
        assertThat(analysis.recommendation().reasons()).hasSize(4);
        assertThat(analysis.comparisons()).extracting((comparison) -> comparison.finding().getClass().getSimpleName())
            .containsExactly("Better", "Better", "Worse");
    }

    @Test
    void withNothingObservedNothingIsSaid() {
        Analysis analysis = Analyst.analyse(evidence(Samples.split("e", 0.9, 0.1)), Samples.FINAL_LOOK);

        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(analysis.sampleRatio().pValue()).isNull();
        assertThat(analysis.comparisons().getFirst().avgReturn()).isNull();
    }

    @Test
    void unknownVariantsAreRefused() {
        Evidence evidence = evidence(Samples.split("e", 0.9, 0.1));

        assertThatIllegalArgumentException().isThrownBy(() -> evidence.add("other", bought("u", 0)))
            .withMessage("'other' is not one of [control, treatment]");
    }

    @Test
    void aLookInTheMiddleChangesNothing() {
        Evidence looked = evidence(Samples.split("e", 0.5, 0.5));
        Evidence once = evidence(Samples.split("e", 0.5, 0.5));
        for (int i = 0; i < 2000; i++) {
            Observation observation = bought("u" + i / 7, 0.01 * random.nextGaussian());
            for (Evidence evidence : List.of(looked, once)) {
                evidence.add((i % 2 == 0) ? "control" : "treatment", observation);
            }
            if (i % 100 == 0) {
                Analyst.analyse(looked, Samples.DURING);
            }
        }

        assertThat(Analyst.analyse(looked, Samples.FINAL_LOOK)).isEqualTo(Analyst.analyse(once, Samples.FINAL_LOOK));
    }

    private static Evidence evidence(Experiment experiment) {
        return new Evidence(experiment, AnalysisSettings.defaults());
    }

    private void add(Evidence evidence, String variant, int signals, double mean) {
        for (int i = 0; i < signals; i++) {
            evidence.add(variant, bought(variant + i, mean + 0.01 * random.nextGaussian()));
        }
    }

    /** Exactly the given mean, standard deviation 0.01. */
    private static void addAlternating(Evidence evidence, String variant, int signals, double mean) {
        for (int i = 0; i < signals; i++) {
            evidence.add(variant, bought(variant + i, mean + ((i % 2 == 0) ? 0.01 : -0.01)));
        }
    }

    private static String reasons(Analysis analysis) {
        return String.join("\n", analysis.recommendation().reasons());
    }

}
