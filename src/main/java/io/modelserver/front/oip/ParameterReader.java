package io.modelserver.front.oip;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

import io.modelserver.front.json.JsonTokens;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads parameters. What is no text, number or truth value means nothing to the server.
 */
final class ParameterReader {

    private ParameterReader() {
    }

    /**
     * Reads an object of parameters.
     * @param parser on its first token; afterwards on its last
     * @param field what it is called in messages
     * @return the parameters by name, each a {@link Boolean}, {@link Long},
     * {@link BigInteger}, {@link Double} or {@link String}
     */
    static Map<String, Object> read(JsonParser parser, String field) {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Map.of();
        }
        if (token != JsonToken.START_OBJECT) {
            throw OipRefusal.invalid("%s is %s, expected an object".formatted(field, JsonTokens.name(token)));
        }
        Map<String, Object> parameters = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            switch (parser.nextToken()) {
                case VALUE_STRING -> parameters.put(name, parser.getString());
                case VALUE_TRUE -> parameters.put(name, true);
                case VALUE_FALSE -> parameters.put(name, false);
                case VALUE_NUMBER_INT ->
                    parameters.put(name, (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER)
                            ? parser.getBigIntegerValue() : (Object) parser.getLongValue());
                case VALUE_NUMBER_FLOAT -> parameters.put(name, parser.getDoubleValue());
                default -> parser.skipChildren();
            }
        }
        return parameters;
    }

    /**
     * Reads a whole number from 0 on.
     * @param value of a parameter
     * @param field what it is called in messages
     */
    static int size(Object value, String field) {
        if (value instanceof Long size && size >= 0 && size <= Integer.MAX_VALUE) {
            return size.intValue();
        }
        throw OipRefusal.invalid("%s: expected a number of bytes, got %s".formatted(field, value));
    }

    static boolean truth(Map<String, Object> parameters, String name, boolean otherwise, String field) {
        return switch (parameters.get(name)) {
            case null -> otherwise;
            case Boolean value -> value;
            case Object other ->
                throw OipRefusal.invalid("%s.%s: expected true or false, got '%s'".formatted(field, name, other));
        };
    }

}
