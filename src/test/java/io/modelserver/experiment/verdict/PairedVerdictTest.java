package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.statistics.Design;
import io.modelserver.experiment.statistics.Method;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.modelserver.experiment.assign.Samples.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PairedVerdictTest {

    private static final Instant NOW = Samples.FINAL_LOOK;

    private static final double SIGMA = 0.01;

    private final SplittableRandom random = new SplittableRandom(42);

    @Test
    void aShadowThatWouldHaveEarnedMoreIsPromotedAlthoughItsAnswersReachNobody() {
        Evidence evidence = evidence(Guardrails.none());
        trade(evidence, 1000, -0.005, (i) -> Direction.BUY, (i) -> (i % 4 == 0) ? Direction.BUY : Direction.SELL);

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.comparisons()).singleElement().satisfies((comparison) -> {
            assertThat(comparison.design()).isEqualTo(Design.PAIRED);
            assertThat(comparison.finding()).isInstanceOf(Finding.Better.class);
            assertThat(comparison.agreementRate()).isEqualTo(0.25);
            assertThat(comparison.timeBlocks()).isBetween(19L, 20L);
            assertThat(comparison.avgReturn()).isNotNull().satisfies((difference) -> {
                assertThat(difference.difference()).isCloseTo(0.0075, within(0.002));
                assertThat(difference.treatment() - difference.control()).isCloseTo(difference.difference(),
                        within(1e-12));
                assertThat(difference.lower()).isPositive();
                assertThat(difference.adjustedPValue()).isLessThan(0.001);
            });
        });
        assertThat(analysis.recommendation().action()).isEqualTo(Action.PROMOTE);
        assertThat(analysis.recommendation().variant()).isEqualTo("shade");
        assertThat(analysis.recommendation().reasons().getFirst()).startsWith("the shadow shade has a mean return of ");
    }

    @Test
    void aShadowThatWouldHaveEarnedLessIsToldOfAndThereIsNothingToTakeOut() {
        Evidence evidence = evidence(Guardrails.none());
        trade(evidence, 1000, 0.005, (i) -> Direction.BUY, (i) -> Direction.SELL);

        Analysis analysis = Analyst.analyse(evidence, Samples.DURING);

        assertThat(analysis.comparisons().getFirst().finding()).isInstanceOf(Finding.Worse.class);
        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(analysis.recommendation().reasons().getFirst()).startsWith("no variant is better");
    }

    @Test
    void theShadowOfAModelThatIsTheSameHasNoVarianceAndIsNotJudged() {
        Evidence evidence = evidence(Guardrails.none());
        trade(evidence, 1000, 0.005, (i) -> Direction.BUY, (i) -> Direction.BUY);

        assertThat(withheld(evidence)).isEqualTo("the returns of shade and control do not vary");
    }

    @Test
    void fewPairsOrFewTimeBlocksAreNotJudged() {
        Evidence few = evidence(Guardrails.none());
        trade(few, 99, 0.1, (i) -> Direction.BUY, (i) -> Direction.SELL);
        Evidence brief = evidence(Guardrails.none());
        for (int i = 0; i < 1000; i++) {
            pair(brief, "S" + i, Samples.EVENT_MILLIS + i * 30_000L, 0.1 + SIGMA * random.nextGaussian(), Direction.BUY,
                    Direction.SELL);
        }

        assertThat(withheld(few)).isEqualTo("shade and control have 99 outcomes in common of at least 100");
        assertThat(withheld(brief))
            .startsWith("the outcomes of shade and control fall into 9 time blocks of 1 h, worth 8.")
            .endsWith(" of equal size; at least 10 are needed");
    }

    @Test
    void theMarketIsTakenOutOfAHedgedReturnAndCostsAreNot() {
        Evidence evidence = new Evidence(costly(25.0), AnalysisSettings.defaults());
        double owns = 0;
        for (int minute = 0; minute < 700; minute++) {
            long time = Samples.EVENT_MILLIS + minute * 60_000L;
            double market = SIGMA * random.nextGaussian();
            double own = 0.001 + 0.0005 * random.nextGaussian();
            owns += own;
            pair(evidence, "A", time, market + own, Direction.HOLD, Direction.BUY);
            pair(evidence, "B", time, market - own, Direction.HOLD, Direction.HOLD);
        }
        evidence.nextPass();

        Comparison comparison = Analyst.analyse(evidence, NOW).comparisons().getFirst();

        Difference net = comparison.avgReturn();
        Difference gross = comparison.grossReturn();
        Difference hedged = comparison.hedgedReturn();
        assertThat(net).isNotNull();
        assertThat(gross).isNotNull();
        assertThat(hedged).isNotNull();
        assertThat(gross.difference() - net.difference()).isCloseTo(0.0025 / 2, within(1e-12));
        assertThat(hedged.difference()).isCloseTo((owns / 700 - 0.0025) / 2, within(1e-9));
        assertThat(net.lower()).isNotNull();
        assertThat(hedged.lower()).isNotNull();
        assertThat(hedged.difference() - hedged.lower()).isLessThan((net.difference() - net.lower()) / 5);
    }

    @Test
    void whatAShadowPaysIsTheSameInItsMetricsAndInItsComparison() {
        Evidence evidence = evidence(Guardrails.none());
        for (int i = 0; i < 400; i++) {
            double actualReturn = SIGMA * random.nextGaussian();
            boolean held = i % 2 == 1;
            Observation answered = Samples.signal("S" + i, Samples.timeOf("S" + i),
                    held ? Direction.HOLD : Direction.BUY,
                    new Observation.Result(actualReturn, held ? 0 : 0.002, null));
            Observation said = Samples.signal("S" + i, Samples.timeOf("S" + i), Direction.BUY,
                    new Observation.Result(actualReturn, 0.002, null));
            evidence.add("control", answered);
            evidence.add("shade", said);
            evidence.addPair("shade", answered, said);
        }

        Analysis analysis = Analyst.analyse(evidence, NOW);
        Comparison comparison = analysis.comparisons().getFirst();

        assertThat(comparison.avgReturn()).isNotNull();
        assertThat(comparison.grossReturn()).isNotNull();
        assertThat(comparison.grossReturn().difference() - comparison.avgReturn().difference()).isCloseTo(0.001,
                within(1e-12));
        assertThat(analysis.metrics().getLast().avgReturn()).isCloseTo(comparison.avgReturn().treatment(),
                within(1e-12));
        assertThat(analysis.metrics().getFirst().avgReturn()).isCloseTo(comparison.avgReturn().control(),
                within(1e-12));
    }

    @Test
    void whoReportsOnlyWhatWasTradedLearnsNothingOfAShadow() {
        Evidence evidence = evidence(Guardrails.none());
        for (int i = 0; i < 2000; i++) {
            Direction control = (i % 2 == 0) ? Direction.HOLD : Direction.BUY;
            Observation.Result result = (control == Direction.HOLD) ? null
                    : Samples.result(-0.01 + SIGMA * random.nextGaussian());
            pair(evidence, "S" + i, Samples.timeOf("S" + i), result, control, Direction.SELL);
        }

        assertThat(withheld(evidence)).isEqualTo(
                "outcomes are known of 100 % of control's BUYs and of 0 % of its HOLDs: report those of its HOLDs too");
    }

    @Test
    void whoReportsHoldsButNotEveryBuyIsToldToReportTheBuys() {
        Evidence evidence = evidence(Guardrails.none());
        for (int i = 0; i < 2000; i++) {
            Direction control = (i % 2 == 0) ? Direction.HOLD : Direction.BUY;
            Observation.Result result = (i % 4 == 1) ? null : Samples.result(SIGMA * random.nextGaussian());
            pair(evidence, "S" + i, Samples.timeOf("S" + i), result, control, Direction.SELL);
        }

        assertThat(withheld(evidence)).isEqualTo(
                "outcomes are known of 50 % of control's BUYs and of 100 % of its HOLDs: report those of its BUYs too");
    }

    @Test
    void aShadowBeyondAGuardrailIsNotPromoted() {
        Evidence evidence = evidence(new Guardrails(0.01, null, null));
        trade(evidence, 1000, -0.005, (i) -> Direction.BUY, (i) -> Direction.SELL);
        for (int i = 0; i < 300; i++) {
            evidence.add("shade", Samples.failed("S" + i));
        }

        assertThat(withheld(evidence)).startsWith("shade failed on 300 of 1300 requests");
        assertThat(Analyst.analyse(evidence, NOW).recommendation().action()).isEqualTo(Action.CONTINUE);
    }

    @Test
    void aShadowBesideATreatmentSharesItsErrorBudget() {
        Experiment experiment = Samples.of("e", List.of(Variant.serving("control", model("a"), 0.5),
                Variant.serving("treatment", model("b"), 0.5), Variant.shadow("shade", model("c"))), Guardrails.none());
        Evidence evidence = new Evidence(experiment, AnalysisSettings.defaults());
        trade(evidence, 1000, -0.002, (i) -> Direction.BUY, (i) -> Direction.SELL);
        for (int i = 0; i < 1000; i++) {
            evidence.add("treatment", Samples.bought("t" + i, SIGMA * random.nextGaussian()));
        }

        List<Comparison> comparisons = Analyst.analyse(evidence, NOW).comparisons();

        assertThat(comparisons).extracting(Comparison::design).containsExactly(Design.SPLIT, Design.PAIRED);
        Difference paired = comparisons.getLast().avgReturn();
        assertThat(paired).isNotNull();
        assertThat(paired.adjustedPValue()).isCloseTo(2 * paired.pValue(), within(1e-12));
    }

    @Test
    void atTheFinalLookItIsAOneSampleTest() {
        Evidence evidence = evidence(Guardrails.none());
        trade(evidence, 1000, -0.005, (i) -> Direction.BUY, (i) -> Direction.SELL);

        Analysis analysis = Analyst.analyse(evidence, NOW);

        assertThat(analysis.comparisons().getFirst().avgReturn()).isNotNull()
            .extracting(Difference::method)
            .isEqualTo(Method.ONE_SAMPLE_TEST);
        assertThat(analysis.recommendation().reasons().getFirst()).contains("97.5 % interval", "one-sample t-test");
    }

    private static String withheld(Evidence evidence) {
        return ((Finding.Withheld) Analyst.analyse(evidence, NOW).comparisons().getLast().finding()).reason();
    }

    private void trade(Evidence evidence, int requests, double mean, IntFunction<Direction> control,
            IntFunction<Direction> shadow) {
        for (int i = 0; i < requests; i++) {
            pair(evidence, "S" + i, Samples.timeOf("S" + i), mean + SIGMA * random.nextGaussian(), control.apply(i),
                    shadow.apply(i));
        }
    }

    private static void pair(Evidence evidence, String unit, long eventMillis, double actualReturn, Direction control,
            Direction shadow) {
        pair(evidence, unit, eventMillis, Samples.result(actualReturn), control, shadow);
    }

    private static void pair(Evidence evidence, String unit, long eventMillis, Observation.@Nullable Result result,
            Direction control, Direction shadow) {
        Observation answered = Samples.signal(unit, eventMillis, control, result);
        Observation said = Samples.signal(unit, eventMillis, shadow, result);
        evidence.add("control", answered);
        evidence.add("shade", said);
        evidence.addPair("shade", answered, said);
    }

    private static Evidence evidence(Guardrails guardrails) {
        return new Evidence(Samples.of("e",
                List.of(Variant.serving("control", model("a"), 1), Variant.shadow("shade", model("b"))), guardrails),
                AnalysisSettings.defaults());
    }

    private static Experiment costly(double costBps) {
        return new Experiment("e",
                List.of(Variant.serving("control", model("a"), 1), Variant.shadow("shade", model("b"))),
                AssignBy.SYMBOL, Samples.START, Duration.ofHours(24), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), Samples.HORIZON, costBps);
    }

}
