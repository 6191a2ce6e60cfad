package io.modelserver.trading;

import java.util.List;
import java.util.OptionalLong;

import io.modelserver.experiment.assign.Assignment;
import io.modelserver.model.ModelId;
import io.modelserver.serving.FieldProblem;
import io.modelserver.serving.Refusal;
import io.modelserver.signal.Signal;
import io.modelserver.window.WindowCoverage;
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
     * @param window how much of the window was there, null if the request held all of it
     * @param latencyNanos from the request having been read to the answer
     * @param decodeNanos of those, reading the JSON and making the model's input of it
     * @param queueNanos of those, waiting for an instance
     * @param computeNanos of those, the forward pass
     * @param assignment the variant that the request was given, null if no experiment had
     * a say
     * @param failedOver whether that variant failed and control answered
     * @param eventMillis when the market was as the request describes it (or
     * {@link StepTimestamp#UNREADABLE}), in milliseconds since 1970, as the request tells
     * it; empty if it does not
     */
    record Predicted(String predictionId, String symbol, Signal prediction, ModelId model,
            @Nullable WindowCoverage window, long latencyNanos, long decodeNanos, long queueNanos, long computeNanos,
            @Nullable Assignment assignment, boolean failedOver, OptionalLong eventMillis) implements PredictionResult {
    }

    /**
     * The step was kept, but the model looks at more than there are.
     *
     * @param symbol the instrument
     * @param series what else the request says of the series of its step
     * @param have steps that are there
     * @param need steps that the model looks at
     * @param restart the gap that earlier steps were dropped for, null if there was none
     */
    record WindowFilling(String symbol, SeriesName series, int have, int need,
            @Nullable String restart) implements PredictionResult {

        /**
         * The only window of a symbol, which has not been restarted.
         * @param symbol the instrument
         * @param have steps that are there
         * @param need steps that the model looks at
         */
        public WindowFilling(String symbol, int have, int need) {
            this(symbol, SeriesName.NONE, have, need, null);
        }

    }

    /**
     * There is no answer.
     *
     * @param symbol the instrument
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     * @param problems the fields that are wrong, where single ones can be named
     * @param failure of a variant, null if it is not one
     */
    record Refused(String symbol, Refusal reason, String detail, List<FieldProblem> problems,
            @Nullable VariantFailure failure) implements PredictionResult {

        Refused(String symbol, Refusal reason, String detail) {
            this(symbol, reason, detail, List.of());
        }

        /**
         * Creates a refusal that is not a failure of a variant.
         * @param symbol the instrument
         * @param reason the kind of refusal
         * @param detail a sentence for the caller
         * @param problems the fields that are wrong
         */
        public Refused(String symbol, Refusal reason, String detail, List<FieldProblem> problems) {
            this(symbol, reason, detail, problems, null);
        }

    }

    /**
     * A request that a variant failed on and nobody else answered.
     *
     * @param id unique, sorts by time
     * @param assignment the variant
     * @param latencyNanos from the request having been read to the refusal
     * @param eventMillis as of an answer
     */
    record VariantFailure(String id, Assignment assignment, long latencyNanos, OptionalLong eventMillis) {
    }

}
