package io.modelserver.experiment.evidence;

import java.time.Duration;
import java.util.List;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.experiment.verdict.Comparison;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class OutcomeHorizonTest {

    @Test
    void itIsWhatTheExperimentSays() {
        OutcomeHorizon horizon = new OutcomeHorizon(Duration.ofMinutes(20));
        for (int i = 0; i < 100; i++) {
            horizon.add(0, Duration.ofHours(5).toMillis());
        }

        assertThat(horizon.value()).isEqualTo(Duration.ofMinutes(20));
    }

    @Test
    void elseItIsLearnedFromWhenPositionsWereClosed() {
        OutcomeHorizon horizon = new OutcomeHorizon(null);
        for (int i = 1; i <= 100; i++) {
            horizon.add(1_000, 1_000 + Duration.ofMinutes(i).toMillis());
        }

        assertThat(horizon.value()).isBetween(Duration.ofMinutes(94), Duration.ofMinutes(95));
    }

    @Test
    void elseItIsAnHour() {
        OutcomeHorizon horizon = new OutcomeHorizon(null);
        horizon.add(0, null);
        for (int i = 0; i < 9; i++) {
            horizon.add(0, 1_000L);
        }
        for (int i = 0; i < 50; i++) {
            horizon.add(1_000, 0L);
        }

        assertThat(horizon.value()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void blocksAreFourHorizonsAndAnHourAtLeast() {
        assertThat(OutcomeHorizon.block(Duration.ofMinutes(1))).isEqualTo(Duration.ofHours(1));
        assertThat(OutcomeHorizon.block(Duration.ofHours(2))).isEqualTo(Duration.ofHours(8));
    }

    @Test
    void whereTheHorizonIsLearnedBlocksAreAsIfItHadBeenGiven() {
        Duration horizon = Duration.ofHours(2);
        Comparison given = comparison(horizon, null);
        Comparison learned = comparison(null, horizon);

        assertThat(learned.timeBlocks()).isEqualTo(given.timeBlocks());
        assertThat(learned.avgReturn()).isNotNull();
        assertThat(given.avgReturn()).isNotNull();
        assertThat(learned.avgReturn().pValue()).isCloseTo(given.avgReturn().pValue(), within(1e-12));
    }

    private static Comparison comparison(@Nullable Duration given, @Nullable Duration told) {
        Experiment experiment = new Experiment("e",
                List.of(Variant.serving("control", Samples.model("a"), 0.5),
                        Variant.serving("treatment", Samples.model("b"), 0.5)),
                AssignBy.REQUEST, Samples.START, Duration.ofDays(10), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), given, null);
        Evidence evidence = new Evidence(experiment, AnalysisSettings.defaults());
        for (int i = 0; i < 2_000; i++) {
            long time = Samples.EVENT_MILLIS + Duration.ofMinutes(7L * i).toMillis();
            Long closed = (told != null) ? time + told.toMillis() : null;
            evidence.add((i % 2 == 0) ? "control" : "treatment", Samples.signal("r" + i, time, Direction.BUY,
                    new Observation.Result(0.01 * Math.sin(i * i), 0, closed)));
        }
        return Analyst.analyse(evidence, Samples.DURING).comparisons().getFirst();
    }

}
