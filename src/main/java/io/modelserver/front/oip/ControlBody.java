package io.modelserver.front.oip;

import java.util.Map;

import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.JsonTokens;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The body of a call to the repository, which may as well be empty.
 *
 * @param ready whether only versions are wanted that can answer at once
 * @param parameters of the call
 */
record ControlBody(boolean ready, Map<String, Object> parameters) {

    /**
     * Reads a body.
     * @param json all of it
     * @throws OipRefusal if it is neither empty nor an object
     */
    static ControlBody of(JsonSlice json) {
        boolean ready = false;
        Map<String, Object> parameters = Map.of();
        try (JsonParser parser = json.parser()) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return new ControlBody(false, parameters);
            }
            if (token != JsonToken.START_OBJECT) {
                throw OipRefusal.invalid("expected a JSON object or nothing, got " + JsonTokens.name(token));
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (name) {
                    case "ready" -> ready = ready(value);
                    case "parameters" -> parameters = ParameterReader.read(parser, name);
                    default -> parser.skipChildren();
                }
            }
            return new ControlBody(ready, parameters);
        }
        catch (JacksonException ex) {
            throw OipRefusal.invalid("the body is not valid JSON: " + JsonTokens.reason(ex));
        }
    }

    private static boolean ready(JsonToken value) {
        return switch (value) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE, VALUE_NULL -> false;
            default ->
                throw OipRefusal.invalid("ready is %s, expected true or false".formatted(JsonTokens.name(value)));
        };
    }

}
