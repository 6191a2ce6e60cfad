package io.modelserver.front.json;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.OrderBook;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Order-book levels in a nested array.
 *
 * @param json the value
 */
public record JsonOrderBook(JsonSlice json) implements OrderBook {

    @Override
    public Tensor read(TensorSpec expected) throws InvalidFeaturesException {
        try (JsonParser parser = json.parser()) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_ARRAY) {
                throw new InvalidFeaturesException("raw_lob is %s, expected an array of the shape %s"
                    .formatted(JsonTokens.name(token), expected.shape()));
            }
            return new NumberArrayReader(ModelMetadata.RAW_LOB).read(parser);
        }
        catch (JacksonException ex) {
            throw new InvalidFeaturesException(JsonTokens.reason(ex));
        }
    }

}
