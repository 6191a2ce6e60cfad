package io.modelserver.prediction;

import java.util.List;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.Prediction;
import org.jspecify.annotations.Nullable;

/** How a request ended. */
public sealed interface PredictionResult {

    /**
     * A model answered.
     *
     * @param predictionId unique, sorts by time; an outcome is reported against it
     * @param symbol the instrument
     * @param prediction the answer
     * @param model the version that gave it
     * @param windowFilled share of the window that was there, null if the request held
     * all of it
     * @param latencyNanos from the request having been read to the answer
     * @param queueNanos of those, waiting for an instance
     * @param computeNanos of those, the forward pass
     */
    record Predicted(String predictionId, String symbol, Prediction prediction, ModelId model,
            @Nullable Double windowFilled, long latencyNanos, long queueNanos,
            long computeNanos) implements PredictionResult {
    }

    /**
     * The step was kept, but the model looks at more than there are.
     *
     * @param symbol the instrument
     * @param have steps that are there
     * @param need steps that the model looks at
     */
    record WindowFilling(String symbol, int have, int need) implements PredictionResult {
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
