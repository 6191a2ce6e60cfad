package io.modelserver.front.bots;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.front.json.Millis;
import io.modelserver.model.PlainValues;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionResult;
import io.modelserver.window.WindowCoverage;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a prediction request; {@code failed_variant} is there only where control
 * answered in the place of a variant that failed, {@code window_gaps} where the request
 * was a step of a series whose period is known, {@code window_conflict} where two callers
 * seem to feed that series.
 */
record PredictionJson(String symbol, Answer prediction, String modelName, String modelVersion, String predictionId,
        @Nullable String experimentId, @Nullable String variant,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String failedVariant, @Nullable Double windowFilled,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer windowGaps,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean windowConflict, double latencyMs,
        String timestamp) implements BatchEntryJson {

    static PredictionJson of(PredictionResult.Predicted predicted, String timestamp) {
        WindowCoverage window = predicted.window();
        Assigned assigned = Assigned.of(predicted.assignment(), predicted.failedOver());
        return new PredictionJson(predicted.symbol(), Answer.of(predicted.prediction()), predicted.model().name(),
                predicted.model().version(), predicted.predictionId(), assigned.experimentId, assigned.variant,
                assigned.failedVariant, (window != null) ? window.filled() : null,
                (window != null) ? window.gaps() : null, (window != null && window.conflict()) ? Boolean.TRUE : null,
                Millis.of(predicted.latencyNanos()), timestamp);
    }

    private record Assigned(@Nullable String experimentId, @Nullable String variant, @Nullable String failedVariant) {

        private static final Assigned NOWHERE = new Assigned(null, null, null);

        static Assigned of(@Nullable Assignment assignment, boolean failedOver) {
            if (assignment == null) {
                return NOWHERE;
            }
            String id = assignment.experiment().id();
            String variant = assignment.variant().name();
            return failedOver ? new Assigned(id, assignment.experiment().control().name(), variant)
                    : new Assigned(id, variant, null);
        }

    }

    /**
     * What the model said; {@code outputs} is there only where it returned more than
     * that, a consensus only where it is an ensemble.
     */
    record Answer(@Nullable Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
            @Nullable ProbabilitiesJson probabilities,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> outputs,
            @JsonUnwrapped @Nullable ConsensusJson consensus) {

        static Answer of(Signal prediction) {
            Probabilities probabilities = prediction.probabilities();
            return new Answer(prediction.direction(), prediction.confidence(), prediction.expectedReturn(),
                    (probabilities != null) ? ProbabilitiesJson.of(probabilities) : null,
                    PlainValues.of(prediction.outputs()), ConsensusJson.of(prediction.consensus()));
        }

    }

    /** The probability of each direction. */
    record ProbabilitiesJson(@JsonProperty("SELL") float sell, @JsonProperty("HOLD") float hold,
            @JsonProperty("BUY") float buy) {

        static ProbabilitiesJson of(Probabilities probabilities) {
            return new ProbabilitiesJson(probabilities.sell(), probabilities.hold(), probabilities.buy());
        }

    }

}
