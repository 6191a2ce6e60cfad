package io.modelserver.prediction;

import io.modelserver.batching.PendingResult;
import io.modelserver.registry.ModelLease;

/** A request that has been started. */
sealed interface Attempt {

    /** Releases the model; has no effect once the request was answered. */
    void release();

    /** It was answered without a model. */
    record Ended(PredictionResult result) implements Attempt {

        @Override
        public void release() {
        }

    }

    /**
     * A model works on it.
     *
     * @param decoded what it looks at, and why
     * @param lease the version that works on it
     * @param pending its answer
     * @param failedOver whether control works on it because the variant failed
     */
    record InFlight(Decoded decoded, ModelLease lease, PendingResult pending, boolean failedOver) implements Attempt {

        @Override
        public void release() {
            lease.close();
        }

    }

}
