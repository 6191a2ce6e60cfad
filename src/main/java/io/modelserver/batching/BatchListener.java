package io.modelserver.batching;

import java.util.List;

import io.modelserver.model.ModelId;

/** Notified after each forward pass, on the thread that ran it. */
@FunctionalInterface
public interface BatchListener {

    /**
     * A forward pass ended.
     * @param model the version that ran
     * @param batchSize how many requests went through at once
     * @param computeNanos how long it took
     */
    void batchComputed(ModelId model, int batchSize, long computeNanos);

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     */
    static BatchListener all(List<? extends BatchListener> listeners) {
        BatchListener[] each = listeners.toArray(BatchListener[]::new);
        return (model, batchSize, computeNanos) -> {
            for (BatchListener listener : each) {
                listener.batchComputed(model, batchSize, computeNanos);
            }
        };
    }

}
