package io.modelserver.batching;

/**
 * How requests are queued and batched.
 *
 * @param instances how many forward passes of one version may run at a time, each on an
 * instance of its own
 * @param maxBatchSize the most requests that go through the model at once
 * @param queueCapacity the most requests that may wait; one more is rejected
 * @param maxQueueDelayNanos how long the oldest request may wait for others to fill its
 * batch, counted from its arrival; 0 to take what is there
 * @param longestPassNanos a forward pass that takes longer is abandoned as stuck
 */
public record BatchingPolicy(int instances, int maxBatchSize, int queueCapacity, long maxQueueDelayNanos,
        long longestPassNanos) {

    /** Rejects a delay below 0, and anything else below 1. */
    public BatchingPolicy {
        if (instances < 1 || maxBatchSize < 1 || queueCapacity < 1 || maxQueueDelayNanos < 0 || longestPassNanos < 1) {
            throw new IllegalArgumentException(
                    "instances, batch size, capacity and the longest pass must be at least 1");
        }
    }

    /**
     * {@return the same for a model that takes smaller batches}
     * @param size the most requests that it takes at once
     */
    public BatchingPolicy withMaxBatchSize(int size) {
        return new BatchingPolicy(instances, size, queueCapacity, maxQueueDelayNanos, longestPassNanos);
    }

}
