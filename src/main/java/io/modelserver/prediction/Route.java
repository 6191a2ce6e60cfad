package io.modelserver.prediction;

import io.modelserver.experiment.Assignment;
import org.jspecify.annotations.Nullable;

/**
 * How one request goes through the server.
 *
 * @param predictionId of its answer
 * @param assignment its variant, null if no experiment applies
 * @param arrivalNanos when its body had been read
 * @param deadlineNanos when its time runs out
 */
record Route(String predictionId, @Nullable Assignment assignment, long arrivalNanos, long deadlineNanos) {

    Route to(@Nullable Assignment variant) {
        return new Route(predictionId, variant, arrivalNanos, deadlineNanos);
    }

}
