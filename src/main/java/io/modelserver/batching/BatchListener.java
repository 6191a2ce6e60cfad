package io.modelserver.batching;

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

}
