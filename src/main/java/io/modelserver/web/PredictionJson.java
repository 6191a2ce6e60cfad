package io.modelserver.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.modelserver.inference.Direction;
import io.modelserver.inference.Prediction;
import io.modelserver.inference.Probabilities;
import io.modelserver.prediction.PredictionResult;
import org.jspecify.annotations.Nullable;

/** The answer to a prediction request. */
record PredictionJson(String symbol, Answer prediction, String modelName, String modelVersion, String predictionId,
        @Nullable String experimentId, @Nullable String variant, @Nullable Double windowFilled, double latencyMs,
        String timestamp) implements BatchEntryJson {

    static PredictionJson of(PredictionResult.Predicted predicted, String timestamp) {
        return new PredictionJson(predicted.symbol(), Answer.of(predicted.prediction()), predicted.model().name(),
                predicted.model().version(), predicted.predictionId(), null, null, predicted.windowFilled(),
                Millis.of(predicted.latencyNanos()), timestamp);
    }

    /** What the model said. */
    record Answer(Direction direction, float confidence, @Nullable Float expectedReturn,
            ProbabilitiesJson probabilities) {

        static Answer of(Prediction prediction) {
            return new Answer(prediction.direction(), prediction.confidence(), prediction.expectedReturn(),
                    ProbabilitiesJson.of(prediction.probabilities()));
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
