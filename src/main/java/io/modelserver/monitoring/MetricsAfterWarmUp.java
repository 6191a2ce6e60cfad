package io.modelserver.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelserver.batching.BatchListener;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.ledger.UndatedCounter;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.LoadListener;
import io.modelserver.registry.stage.StageListener;
import io.modelserver.registry.store.StageChange;
import io.modelserver.serving.ShadowListener;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;
import io.modelserver.window.WindowListener;

/**
 * Lets the server warm up its way through the metrics too: until then, what requests
 * cause goes to a registry that nobody reads. What no request of the warm-up causes, such
 * as the loading of a version, counts from the beginning.
 */
public final class MetricsAfterWarmUp implements PredictionListener, ShadowListener<Signal>, BatchListener,
        WindowListener, StageListener, LoadListener, UndatedCounter {

    private static final String HTTP_REQUESTS = "http.server.requests";

    private final MeterRegistry meters;

    private final ServerMetrics metrics;

    private volatile ServerMetrics current;

    /**
     * Creates listeners that do not count yet.
     * @param meters what is read; has the meters from the beginning
     * @param rehearsal a registry of the same kind
     */
    public MetricsAfterWarmUp(MeterRegistry meters, MeterRegistry rehearsal) {
        this.meters = meters;
        this.metrics = new ServerMetrics(meters);
        this.current = new ServerMetrics(rehearsal);
    }

    /**
     * {@return what counts from the end of the warm-up on}
     */
    public ServerMetrics metrics() {
        return metrics;
    }

    /** Counts from now on, and forgets the requests that Spring has counted itself. */
    public void start() {
        meters.find(HTTP_REQUESTS).meters().forEach(meters::remove);
        current = metrics;
    }

    @Override
    public void ended(PredictionResult result) {
        current.ended(result);
    }

    @Override
    public void dropped(Variant shadow) {
        metrics.dropped(shadow);
    }

    @Override
    public void stageChanged(String model, StageChange change) {
        metrics.stageChanged(model, change);
    }

    @Override
    public void loadEnded(ModelId id, boolean ready, long nanos) {
        metrics.loadEnded(id, ready, nanos);
    }

    @Override
    public void undated(String cause) {
        metrics.undated(cause);
    }

    @Override
    public void batchComputed(ModelId model, int batchSize, long computeNanos) {
        current.batchComputed(model, batchSize, computeNanos);
    }

    @Override
    public void windowReset() {
        current.windowReset();
    }

    @Override
    public void staleStep() {
        current.staleStep();
    }

    @Override
    public void conflictingStep() {
        current.conflictingStep();
    }

    @Override
    public void windowRefused() {
        current.windowRefused();
    }

}
