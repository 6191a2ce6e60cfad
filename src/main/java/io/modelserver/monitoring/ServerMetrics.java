package io.modelserver.monitoring;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.modelserver.batching.BatchListener;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.ledger.UndatedCounter;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.LoadListener;
import io.modelserver.registry.stage.StageListener;
import io.modelserver.registry.store.StageChange;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.ShadowListener;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;
import io.modelserver.window.WindowListener;
import io.modelserver.window.WindowStore;

/**
 * Counts and times what the core reports. Labels are bounded: outcomes are enumerated,
 * and only versions that ran have series of their own, never a name that a caller made
 * up.
 */
public final class ServerMetrics implements PredictionListener, ShadowListener<Signal>, BatchListener, WindowListener,
        StageListener, LoadListener, UndatedCounter {

    private static final Duration[] BUCKETS = Stream.of(1, 2, 3, 5, 8, 12, 20, 35, 60, 100, 200, 500, 1000)
        .map(Duration::ofMillis)
        .toArray(Duration[]::new);

    private static final Duration[] SHORT_BUCKETS = LongStream.of(10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 20_000)
        .mapToObj((micros) -> Duration.of(micros, ChronoUnit.MICROS))
        .toArray(Duration[]::new);

    private static final double[] BATCH_SIZES = { 1, 2, 4, 8, 16, 32, 64, 128 };

    private static final double[] CONFIDENCES = { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0 };

    private static final String WINDOW_FILLING = "WINDOW_FILLING";

    /** An answer of a model that gives no direction. */
    private static final String NO_DIRECTION = "NO_DIRECTION";

    private final MeterRegistry meters;

    private final Map<String, Counter> outcomes;

    private final Counter windowResets;

    private final Counter staleSteps;

    private final Counter conflictingSteps;

    private final Counter windowsRefused;

    private final Counter shadowsDropped;

    private final Timer latency;

    private final Timer decodeTime;

    private final Timer queueTime;

    private final Map<ModelId, Timer> computeTimes = new ConcurrentHashMap<>();

    private final Map<ModelId, DistributionSummary> batchSizes = new ConcurrentHashMap<>();

    private final Map<ModelId, DistributionSummary> confidences = new ConcurrentHashMap<>();

    private final Map<Tags, Counter> assignments = new ConcurrentHashMap<>();

    /**
     * Registers the meters.
     * @param meters where they go
     */
    public ServerMetrics(MeterRegistry meters) {
        this.meters = meters;
        this.outcomes = Stream
            .of(Arrays.stream(Direction.values()).map(Enum::name), Arrays.stream(Refusal.values()).map(Enum::name),
                    Stream.of(WINDOW_FILLING, NO_DIRECTION))
            .flatMap((names) -> names)
            .collect(Collectors.toUnmodifiableMap((name) -> name, this::outcome));
        this.windowResets = counter(ServerMeter.WINDOW_RESETS).register(meters);
        this.staleSteps = counter(ServerMeter.STALE_STEPS).register(meters);
        this.conflictingSteps = counter(ServerMeter.CONFLICTING_STEPS).register(meters);
        this.windowsRefused = counter(ServerMeter.WINDOWS_REFUSED).register(meters);
        this.shadowsDropped = counter(ServerMeter.SHADOWS_DROPPED).register(meters);
        this.latency = timer(meters, ServerMeter.LATENCY, Tags.empty());
        this.decodeTime = Timer.builder(ServerMeter.DECODE_TIME.meterName())
            .description(ServerMeter.DECODE_TIME.description())
            .serviceLevelObjectives(SHORT_BUCKETS)
            .register(meters);
        this.queueTime = timer(meters, ServerMeter.QUEUE_TIME, Tags.empty());
    }

    @Override
    public void ended(PredictionResult result) {
        switch (result) {
            case PredictionResult.Predicted predicted -> {
                Direction direction = predicted.prediction().direction();
                count((direction != null) ? direction.name() : NO_DIRECTION);
                latency.record(predicted.latencyNanos(), TimeUnit.NANOSECONDS);
                decodeTime.record(predicted.decodeNanos(), TimeUnit.NANOSECONDS);
                queueTime.record(predicted.queueNanos(), TimeUnit.NANOSECONDS);
                Float confidence = predicted.prediction().confidence();
                if (confidence != null) {
                    confidences
                        .computeIfAbsent(predicted.model(), (id) -> summary(ServerMeter.CONFIDENCE, id, CONFIDENCES))
                        .record(confidence);
                }
                if (predicted.assignment() != null) {
                    countAssignment(predicted.assignment(), predicted.failedOver() ? "failed_over" : "answered");
                }
            }
            case PredictionResult.WindowFilling filling -> count(WINDOW_FILLING);
            case PredictionResult.Refused refused -> {
                count(refused.reason().name());
                if (refused.failure() != null) {
                    countAssignment(refused.failure().assignment(), "failed");
                }
            }
        }
    }

    private void countAssignment(Assignment assignment, String outcome) {
        Tags tags = Tags.of("experiment", assignment.experiment().id(), "variant", assignment.variant().name(),
                "outcome", outcome);
        assignments.computeIfAbsent(tags, (series) -> counter(ServerMeter.ASSIGNMENTS).tags(series).register(meters))
            .increment();
    }

    @Override
    public void dropped(Variant shadow) {
        shadowsDropped.increment();
    }

    @Override
    public void undated(String cause) {
        counter(ServerMeter.LEDGER_UNDATED).tag("cause", cause).register(meters).increment();
    }

    /**
     * Watches the ledger's buffer.
     * @param buffer the buffer
     * @param waiting how many entries wait
     * @param dropped how many were lost
     * @param <T> its type
     */
    public <T> void watchLedger(T buffer, ToDoubleFunction<T> waiting, ToDoubleFunction<T> dropped) {
        gauge(ServerMeter.LEDGER_WAITING, buffer, waiting);
        FunctionCounter.builder(ServerMeter.LEDGER_DROPPED.meterName(), buffer, dropped)
            .description(ServerMeter.LEDGER_DROPPED.description())
            .register(meters);
    }

    @Override
    public void batchComputed(ModelId model, int batchSize, long computeNanos) {
        computeTimes.computeIfAbsent(model, (id) -> timer(meters, ServerMeter.COMPUTE_TIME, tags(id)))
            .record(computeNanos, TimeUnit.NANOSECONDS);
        batchSizes.computeIfAbsent(model, (id) -> summary(ServerMeter.BATCH_SIZE, id, BATCH_SIZES)).record(batchSize);
    }

    private DistributionSummary summary(ServerMeter meter, ModelId model, double[] buckets) {
        return DistributionSummary.builder(meter.meterName())
            .description(meter.description())
            .serviceLevelObjectives(buckets)
            .tags(tags(model))
            .register(meters);
    }

    @Override
    public void stageChanged(String model, StageChange change) {
        counter(ServerMeter.STAGE_CHANGES)
            .tags("model", model, "action", change.action().name().toLowerCase(Locale.ROOT))
            .register(meters)
            .increment();
    }

    @Override
    public void loadEnded(ModelId id, boolean ready, long nanos) {
        Timer.builder(ServerMeter.LOAD_TIME.meterName())
            .description(ServerMeter.LOAD_TIME.description())
            .tags(tags(id).and("outcome", ready ? "ready" : "rejected"))
            .register(meters)
            .record(nanos, TimeUnit.NANOSECONDS);
    }

    private static Tags tags(ModelId model) {
        return Tags.of("model", model.name(), "version", model.version());
    }

    @Override
    public void windowReset() {
        windowResets.increment();
    }

    @Override
    public void staleStep() {
        staleSteps.increment();
    }

    @Override
    public void conflictingStep() {
        conflictingSteps.increment();
    }

    @Override
    public void windowRefused() {
        windowsRefused.increment();
    }

    /**
     * Watches the number of windows.
     * @param store the windows
     */
    public void watch(WindowStore store) {
        gauge(ServerMeter.WINDOWS, store, WindowStore::size);
        gauge(ServerMeter.WINDOWS_FILLING, store, WindowStore::filling);
        gauge(ServerMeter.WINDOWS_MEMORY, store, WindowStore::bytes);
    }

    private <T> void gauge(ServerMeter meter, T source, ToDoubleFunction<T> value) {
        Gauge.builder(meter.meterName(), source, value).description(meter.description()).register(meters);
    }

    private void count(String outcome) {
        Objects.requireNonNull(outcomes.get(outcome)).increment();
    }

    private Counter outcome(String outcome) {
        return counter(ServerMeter.PREDICTIONS).tag("outcome", outcome).register(meters);
    }

    private static Counter.Builder counter(ServerMeter meter) {
        return Counter.builder(meter.meterName()).description(meter.description());
    }

    private static Timer timer(MeterRegistry meters, ServerMeter meter, Tags tags) {
        return Timer.builder(meter.meterName())
            .description(meter.description())
            .serviceLevelObjectives(BUCKETS)
            .tags(tags)
            .register(meters);
    }

}
