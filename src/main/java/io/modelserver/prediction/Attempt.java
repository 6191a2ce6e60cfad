package io.modelserver.prediction;

import io.modelserver.batching.PendingResult;
import io.modelserver.experiment.Assignment;
import io.modelserver.inference.ModelInput;
import io.modelserver.registry.ModelLease;
import org.jspecify.annotations.Nullable;

/** A request that has been started. */
sealed interface Attempt {

    /** Lets go of the model; has no effect once the request was answered. */
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
     * @param request what was asked
     * @param lease the version that works on it
     * @param input what it looks at
     * @param pending its answer
     * @param windowFilled share of the window that was there, null if the request held
     * all of it
     * @param route why it is this version
     * @param failedOver whether control works on it because the variant failed
     */
    record InFlight(PredictionRequest request, ModelLease lease, ModelInput input, PendingResult pending,
            @Nullable Double windowFilled, Route route, boolean failedOver) implements Attempt {

        @Nullable Assignment assignment() {
            return route.assignment();
        }

        @Override
        public void release() {
            lease.close();
        }

    }

}
