package io.modelserver.web;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelserver.inference.Direction;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /predict}: the bot's signal validator reads the top level,
 * its client the prediction.
 */
record BotPredictionJson(Direction direction, float confidence, @Nullable Float expectedReturn,
        @JsonUnwrapped PredictionJson answer) {

    static BotPredictionJson of(PredictionJson answer) {
        return new BotPredictionJson(answer.prediction().direction(), answer.prediction().confidence(),
                answer.prediction().expectedReturn(), answer);
    }

}
