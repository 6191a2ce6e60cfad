package io.modelserver.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelserver.batching.BatchListener;
import io.modelserver.inference.ModelId;
import io.modelserver.trading.PredictionListener;
import io.modelserver.trading.PredictionResult;
import io.modelserver.window.WindowListener;

/**
 * Lets the server warm up its way through the metrics too: until then they go to a
 * registry that nobody reads.
 */
public final class MetricsAfterWarmUp implements PredictionListener, BatchListener, WindowListener {

    private static final String HTTP_REQUESTS = "http.server.requests";

    private final MeterRegistry meters;

    private final ServerMetrics metrics;

    private volatile ServerMetrics current;

    /**
     * Makes listeners that do not count yet.
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
