package io.modelserver.front.json;

import io.modelserver.trading.StepTimestamp;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/** Reads the time of a step or of an outcome from its JSON. */
public final class TimestampReader {

    private TimestampReader() {
    }

    /**
     * Reads a time.
     * @param parser on the first token of the value; afterwards on its last
     * @param field what the value is called in messages
     * @return the time
     */
    public static StepTimestamp read(JsonParser parser, String field) {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case VALUE_NULL -> StepTimestamp.NONE;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> StepTimestamp.ofNumber(parser.getDoubleValue(), field);
            case VALUE_STRING -> StepTimestamp.ofText(parser.getString(), field);
            default -> {
                parser.skipChildren();
                yield StepTimestamp.unreadable(field, JsonTokens.name(token));
            }
        };
    }

    /**
     * Reads a time that has been parsed already.
     * @param json the value, a missing one too
     * @param field what the value is called in messages
     * @return the time
     */
    public static StepTimestamp of(JsonNode json, String field) {
        if (json.isMissingNode() || json.isNull()) {
            return StepTimestamp.NONE;
        }
        if (json.isNumber()) {
            return StepTimestamp.ofNumber(json.doubleValue(Double.POSITIVE_INFINITY), field);
        }
        return json.isString() ? StepTimestamp.ofText(json.stringValue(), field)
                : StepTimestamp.unreadable(field, JsonTokens.name(json.asToken()));
    }

}
