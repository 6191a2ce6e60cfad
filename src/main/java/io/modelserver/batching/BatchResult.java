package io.modelserver.batching;

import io.modelserver.inference.InferenceResult;

/** The result of an accepted request. */
public sealed interface BatchResult {

    /**
     * It went through the model.
     *
     * @param result the model's answer or failure
     * @param queueNanos from its arrival to the start of the forward pass
     * @param computeNanos duration of the forward pass
     * @param batchSize how many requests shared that pass
     */
    record Computed(InferenceResult result, long queueNanos, long computeNanos, int batchSize) implements BatchResult {
    }

    /** Its deadline passed before it was answered. */
    record Expired() implements BatchResult {
    }

    /**
     * Its forward pass exceeded the limit and was abandoned.
     *
     * @param limitNanos how long a forward pass may take
     */
    record Stuck(long limitNanos) implements BatchResult {
    }

}
