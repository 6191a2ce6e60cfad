package io.modelserver.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelserver.batching.InstanceCount;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.RunningVersion;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.StageChange;
import io.modelserver.registry.store.VersionState;
import io.modelserver.serving.Refusal;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionResult;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class ServerMetricsTest {

    private static final ModelId MODEL = new ModelId("m", "1");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final ServerMetrics metrics = new ServerMetrics(meters);

    @Test
    void answersAreCountedByDirectionAndTimed() {
        metrics.ended(new PredictionResult.Predicted("id", "BTCUSDT",
                new Signal(Direction.BUY, 0.9f, null, new Probabilities(0, 0, 1)), MODEL, null, 5_000_000, 100_000,
                2_000_000, 2_900_000, null, false, OptionalLong.empty()));

        assertThat(outcomes("BUY")).isEqualTo(1);
        assertThat(meters.get("modelserver.prediction.latency").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
        assertThat(meters.get("modelserver.decode.time").timer().totalTime(TimeUnit.MICROSECONDS)).isEqualTo(100);
    }

    @Test
    void answersThatGiveNoDirectionAreCountedAsSuch() {
        metrics.ended(new PredictionResult.Predicted("id", "BTCUSDT", new Signal(null, null, 0.01f, null, Map.of()),
                MODEL, null, 5_000_000, 100_000, 2_000_000, 2_900_000, null, false, OptionalLong.empty()));

        assertThat(outcomes("NO_DIRECTION")).isEqualTo(1);
        assertThat(meters.find("modelserver.prediction.confidence").summary()).isNull();
    }

    @Test
    void refusalsAreCountedByReasonHoweverManyNamesAreMadeUp() {
        int before = meters.getMeters().size();

        for (int i = 0; i < 1000; i++) {
            metrics.ended(new PredictionResult.Refused("S" + i, Refusal.MODEL_NOT_FOUND, "no model x" + i, List.of()));
        }

        assertThat(outcomes("MODEL_NOT_FOUND")).isEqualTo(1000);
        assertThat(meters.getMeters()).hasSize(before);
    }

    @Test
    void copiesThatNoShadowGotAreCounted() {
        metrics.dropped(Variant.shadow("shadow", MODEL));

        assertThat(meters.get("modelserver.experiment.shadows.dropped").counter().count()).isEqualTo(1);
    }

    @Test
    void whatWindowsDoIsCounted() {
        metrics.windowReset();
        metrics.staleStep();
        metrics.conflictingStep();
        metrics.windowRefused();

        for (String meter : List.of("window.resets", "window.stale.steps", "window.conflicting.steps",
                "windows.refused")) {
            assertThat(meters.get("modelserver." + meter).counter().count()).as(meter).isEqualTo(1);
        }
    }

    @Test
    void forwardPassesAreTimedAndSizedByVersion() {
        metrics.batchComputed(MODEL, 4, 1_000_000);
        metrics.batchComputed(MODEL, 8, 1_000_000);

        assertThat(meters.get("modelserver.batch.size").tags("model", "m", "version", "1").summary().mean())
            .isEqualTo(6);
        assertThat(meters.get("modelserver.compute.time").timer().count()).isEqualTo(2);
    }

    @Test
    void loadingsAndChangesOfStagesAreCounted() {
        metrics.loadEnded(MODEL, true, 2_000_000_000);
        metrics.loadEnded(MODEL, false, 1_000_000_000);
        metrics.stageChanged("m", new StageChange(Instant.EPOCH, StageChange.Action.PROMOTE, "1", Stage.NONE,
                Stage.PRODUCTION, null, new ChangeAuthor("local", null)));

        assertThat(meters.get("modelserver.load.time").tag("outcome", "ready").timer().totalTime(TimeUnit.SECONDS))
            .isEqualTo(2);
        assertThat(meters.get("modelserver.load.time").tag("outcome", "rejected").timer().count()).isEqualTo(1);
        assertThat(meters.get("modelserver.stage.changes").tags("model", "m", "action", "promote").counter().count())
            .isEqualTo(1);
    }

    @Test
    void gaugesFollowTheVersionsThatRun() {
        RegistryOverview overview = mock();
        VersionGauges gauges = new VersionGauges(overview, meters);
        RunningVersion live = new RunningVersion(MODEL, VersionState.LIVE, 3, new InstanceCount(2, 1, 0));
        RunningVersion old = new RunningVersion(MODEL, VersionState.DRAINING, 1, new InstanceCount(2, 2, 1));

        given(overview.running()).willReturn(List.of(live, old));
        gauges.refresh();
        assertThat(meters.get("modelserver.queue.depth").gauge().value()).isEqualTo(4);
        assertThat(meters.get("modelserver.instances").tag("state", "busy").gauge().value()).isEqualTo(3);
        assertThat(meters.get("modelserver.instances").tag("state", "stuck").gauge().value()).isEqualTo(1);
        Gauge before = meters.get("modelserver.queue.depth").gauge();

        given(overview.running()).willReturn(List.of(live));
        gauges.refresh();
        assertThat(before.value()).isEqualTo(3);
        assertThat(meters.get("modelserver.queue.depth").gauge()).isSameAs(before);
        assertThat(meters.find("modelserver.versions").tag("state", "draining").gauge()).isNull();

        given(overview.running()).willReturn(List.of());
        gauges.refresh();
        assertThat(meters.find("modelserver.queue.depth").gauge()).isNull();
    }

    @Test
    void theProcessIsInMemory() {
        new ResidentMemory().bindTo(meters);

        assertThat(meters.get("modelserver.memory.resident").gauge().value()).isGreaterThan(1 << 20);
    }

    private double outcomes(String outcome) {
        return meters.get("modelserver.predictions").tag("outcome", outcome).counter().count();
    }

}
