package io.modelserver.front.bots;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /predict}: the bot's signal validator reads the top level,
 * its client the prediction.
 */
public record BotPredictionJson(Direction direction, float confidence, @Nullable Float expectedReturn,
        @JsonUnwrapped PredictionJson answer) {

    static BotPredictionJson of(PredictionJson answer) {
        return new BotPredictionJson(answer.prediction().direction(), answer.prediction().confidence(),
                answer.prediction().expectedReturn(), answer);
    }

}
