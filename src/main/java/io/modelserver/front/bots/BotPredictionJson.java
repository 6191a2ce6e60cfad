package io.modelserver.front.bots;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code POST /predict}: the bot's signal validator reads the top level,
 * its client the prediction. Further outputs of the model are repeated there by name, but
 * for those that are called as a property of the answer.
 *
 * @param direction which way, null if the model gives none
 * @param confidence from 0 to 1, null if the model gives none
 * @param expectedReturn as a fraction of the price, null if the model gives none
 * @param answer the whole answer, whose properties stand at the top level too
 * @param consensus how it came about where an ensemble answered, else null
 * @param outputs further outputs by their names
 */
public record BotPredictionJson(@Nullable Direction direction, @Nullable Float confidence,
        @Nullable Float expectedReturn, @JsonUnwrapped PredictionJson answer,
        @JsonUnwrapped @Nullable ConsensusJson consensus, @JsonAnyGetter Map<String, @Nullable Object> outputs) {

    private static final Set<String> PROPERTIES = Stream
        .of(BotPredictionJson.class, PredictionJson.class, ConsensusJson.class)
        .flatMap((type) -> Stream.of(type.getRecordComponents()))
        .map(RecordComponent::getName)
        .map((name) -> name.replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());

    static BotPredictionJson of(PredictionJson answer) {
        PredictionJson.Answer prediction = answer.prediction();
        return new BotPredictionJson(prediction.direction(), prediction.confidence(), prediction.expectedReturn(),
                answer, prediction.consensus(), repeatable(prediction.outputs()));
    }

    private static Map<String, @Nullable Object> repeatable(Map<String, @Nullable Object> outputs) {
        if (outputs.isEmpty()) {
            return outputs;
        }
        Map<String, @Nullable Object> repeatable = new LinkedHashMap<>(outputs);
        repeatable.keySet().removeAll(PROPERTIES);
        return repeatable;
    }

}
