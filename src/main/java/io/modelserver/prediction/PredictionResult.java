package io.modelserver.prediction;

import java.util.List;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.Prediction;

/** How a request ended. */
public sealed interface PredictionResult {

    /**
     * A model answered.
     *
     * @param predictionId unique, sorts by time; an outcome is reported against it
     * @param symbol the instrument
     * @param prediction the answer
     * @param model the version that gave it
     * @param latencyNanos from the request having been read to the answer
     * @param queueNanos of those, waiting for an instance
     * @param computeNanos of those, the forward pass
     */
    record Predicted(String predictionId, String symbol, Prediction prediction, ModelId model, long latencyNanos,
            long queueNanos, long computeNanos) implements PredictionResult {
    }

    /**
     * There is no answer.
     *
     * @param symbol the instrument
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     * @param problems the fields that are wrong, where single ones can be named
     */
    record Refused(String symbol, Refusal reason, String detail,
            List<FieldProblem> problems) implements PredictionResult {

        Refused(String symbol, Refusal reason, String detail) {
            this(symbol, reason, detail, List.of());
        }

    }

}
