package io.modelserver.batching;

import io.modelserver.model.ModelOutput;

/** The result of an accepted request. */
public sealed interface BatchResult {

    /**
     * It went through the model.
     *
     * @param output what the model returned for it
     * @param queueNanos from its arrival to the start of the forward pass
     * @param computeNanos duration of the forward pass
     * @param batchSize how many requests shared that pass
     */
    record Computed(ModelOutput output, long queueNanos, long computeNanos, int batchSize) implements BatchResult {
    }

    /**
     * The forward pass failed on it, alone.
     *
     * @param reason a sentence for the caller: no path, no stack trace
     * @param queueNanos from its arrival to the start of the forward pass
     * @param computeNanos duration of the forward pass
     */
    record Failed(String reason, long queueNanos, long computeNanos) implements BatchResult {
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
