package io.modelserver.monitoring;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.modelserver.lifecycle.WarmUpListener;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.serving.AnswerListener;
import io.modelserver.serving.Reply;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;

/**
 * Counts and times what ensembles do, after the warm-up. Labels are bounded: they are
 * versions that ran, and members that these name.
 */
final class EnsembleMeters implements PredictionListener, AnswerListener, WarmUpListener {

    private static final Duration[] BUCKETS = Stream.of(1, 2, 3, 5, 8, 12, 20, 35, 60, 100, 200, 500, 1000)
        .map(Duration::ofMillis)
        .toArray(Duration[]::new);

    private final MeterRegistry meters;

    private volatile boolean started;

    EnsembleMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void warmedUp() {
        started = true;
    }

    @Override
    public void ended(PredictionResult result) {
        if (started && result instanceof PredictionResult.Predicted predicted
                && predicted.prediction().consensus() != null) {
            Timer.builder(ServerMeter.ENSEMBLE_LATENCY.meterName())
                .description(ServerMeter.ENSEMBLE_LATENCY.description())
                .serviceLevelObjectives(BUCKETS)
                .tags("model", predicted.model().name(), "version", predicted.model().version())
                .register(meters)
                .record(predicted.latencyNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Members' passes are counted as those of any version. */
    @Override
    public void answered(Reply.Answered<?> answer, ModelInput input, ModelMetadata version) {
    }

    @Override
    public void memberFailed(ModelId ensemble, String member, String reason) {
        if (started) {
            Counter.builder(ServerMeter.MEMBER_FAILURES.meterName())
                .description(ServerMeter.MEMBER_FAILURES.description())
                .tags("model", ensemble.name(), "version", ensemble.version(), "member", member, "reason", reason)
                .register(meters)
                .increment();
        }
    }

}
