package io.modelserver.monitoring;

import java.util.List;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelserver.inference.Direction;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.Prediction;
import io.modelserver.inference.Probabilities;
import io.modelserver.prediction.PredictionResult;
import io.modelserver.prediction.Refusal;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerMetricsTest {

    private static final ModelId MODEL = new ModelId("m", "1");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private final ServerMetrics metrics = new ServerMetrics(meters);

    @Test
    void answersAreCountedByDirectionAndTimed() {
        metrics.ended(new PredictionResult.Predicted("id", "BTCUSDT",
                new Prediction(Direction.BUY, 0.9f, null, new Probabilities(0, 0, 1)), MODEL, null, 5_000_000,
                2_000_000, 3_000_000, null, false));

        assertThat(outcomes("BUY")).isEqualTo(1);
        assertThat(meters.get("modelserver.prediction.latency")
            .timer()
            .totalTime(java.util.concurrent.TimeUnit.MILLISECONDS)).isEqualTo(5);
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
    void forwardPassesAreTimedAndSizedByVersion() {
        metrics.batchComputed(MODEL, 4, 1_000_000);
        metrics.batchComputed(MODEL, 8, 1_000_000);

        assertThat(meters.get("modelserver.batch.size").tags("model", "m", "version", "1").summary().mean())
            .isEqualTo(6);
        assertThat(meters.get("modelserver.compute.time").timer().count()).isEqualTo(2);
    }

    private double outcomes(String outcome) {
        return meters.get("modelserver.predictions").tag("outcome", outcome).counter().count();
    }

}
