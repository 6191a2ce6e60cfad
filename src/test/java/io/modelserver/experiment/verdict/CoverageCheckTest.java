package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CoverageCheckTest {

    private static final double SIGMA = 0.01;

    private final SplittableRandom random = new SplittableRandom(7);

    @Test
    void outcomesOfTradedSignalsAloneAreSeenAndNotJudged() {
        Evidence evidence = evidence();
        for (int i = 0; i < 3000; i++) {
            boolean treated = i % 2 == 0;
            boolean holds = random.nextDouble() < (treated ? 0.6 : 0.2);
            double actualReturn = SIGMA * random.nextGaussian() + (treated ? 0.003 : 0);
            evidence.add(treated ? "treatment" : "control", Samples.signal("r" + i, Samples.timeOf("r" + i),
                    holds ? Direction.HOLD : Direction.BUY, holds ? null : Samples.result(actualReturn)));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(analysis.coverage()).extracting(Coverage::mismatch).containsExactly(false, true);
        assertThat(analysis.coverage().getLast().directions()).anySatisfy((hold) -> {
            assertThat(hold.direction()).isEqualTo(Direction.HOLD);
            assertThat(hold.answered()).isBetween(800L, 1000L);
            assertThat(hold.outcomes()).isZero();
        });
        assertThat(analysis.recommendation().action()).isEqualTo(Action.CONTINUE);
        assertThat(((Finding.Withheld) analysis.comparisons().getFirst().finding()).reason())
            .startsWith("outcomes are known of ")
            .endsWith(" of those of control, least of the HOLDs of treatment (0 %; of control 0 %): report all");
    }

    @Test
    void theDirectionThatIsMissingIsNamed() {
        Evidence evidence = evidence();
        for (int i = 0; i < 4000; i++) {
            boolean treated = i % 2 == 0;
            boolean holds = i % 4 < 2;
            boolean lost = treated && !holds && i % 8 < 4;
            evidence.add(treated ? "treatment" : "control",
                    Samples.signal("r" + i, Samples.timeOf("r" + i), holds ? Direction.HOLD : Direction.BUY,
                            (lost || (treated && !holds && i % 16 == 6)) ? null
                                    : Samples.result(SIGMA * random.nextGaussian())));
        }

        Analysis analysis = Analyst.analyse(evidence, Samples.FINAL_LOOK);

        assertThat(((Finding.Withheld) analysis.comparisons().getFirst().finding()).reason())
            .contains(", least of the BUYs of treatment (")
            .contains("%; of control 100 %)");
    }

    @Test
    void losersThatNeverCloseInOneVariantAreSeen() {
        int seen = 0;
        for (int run = 0; run < 20; run++) {
            Evidence evidence = evidence();
            add(evidence, 4000, (actualReturn) -> (actualReturn < -1.28 * SIGMA) ? 1 : 0);
            seen += Analyst.analyse(evidence, Samples.FINAL_LOOK).coverage().getLast().mismatch() ? 1 : 0;
        }

        assertThat(seen).isEqualTo(20);
    }

    @Test
    void outcomesThatAreMissingByChanceAreSeldomTakenForMoreAtAnyLook() {
        int flagged = 0;
        for (int run = 0; run < 200; run++) {
            Evidence evidence = evidence();
            boolean ever = false;
            for (int i = 0; i < 1000; i++) {
                add(evidence, (i % 2 == 0) ? "treatment" : "control", i, random.nextDouble() < 0.2);
                ever |= i % 20 == 19 && new CoverageCheck(evidence, Samples.FINAL_LOOK).coverage().getLast().mismatch();
            }
            flagged += ever ? 1 : 0;
        }

        assertThat(flagged).isLessThanOrEqualTo(2);
    }

    @Test
    void anHourWithoutAnyOutcomesIsNoMismatch() {
        Evidence evidence = evidence();
        for (int i = 0; i < 2000; i++) {
            String unit = "r" + i;
            boolean lost = Duration.ofMillis(Samples.timeOf(unit) - Samples.EVENT_MILLIS).toHours() % 6 == 0;
            add(evidence, (random.nextInt(2) == 0) ? "treatment" : "control", i, lost);
        }

        assertThat(Analyst.analyse(evidence, Samples.FINAL_LOOK).coverage().getLast().mismatch()).isFalse();
    }

    private void add(Evidence evidence, int signals, ToDoubleFunction<Double> lossOfTreatment) {
        for (int i = 0; i < signals; i++) {
            double actualReturn = SIGMA * random.nextGaussian();
            boolean treated = i % 2 == 0;
            boolean lost = treated && random.nextDouble() < lossOfTreatment.applyAsDouble(actualReturn);
            evidence.add(treated ? "treatment" : "control", Samples.signal("r" + i, Samples.timeOf("r" + i),
                    Direction.BUY, lost ? null : Samples.result(actualReturn)));
        }
    }

    private void add(Evidence evidence, String variant, int number, boolean lost) {
        evidence.add(variant, Samples.signal("r" + number, Samples.timeOf("r" + number), Direction.BUY,
                lost ? null : Samples.result(SIGMA * random.nextGaussian())));
    }

    private static Evidence evidence() {
        return new Evidence(Samples.split("e", 0.5, 0.5), AnalysisSettings.defaults());
    }

}
