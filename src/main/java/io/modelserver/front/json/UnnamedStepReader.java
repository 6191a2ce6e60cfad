package io.modelserver.front.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.modelserver.trading.InvalidFeaturesException;
import io.modelserver.trading.StepTimestamp;
import io.modelserver.trading.TimedStep;
import io.modelserver.trading.UnnamedStep;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads objects of named features for a model that gives its features no names: all
 * numbers, keys sorted, depth first. Whatever is not a number is left out, but for null
 * where a value may be missing.
 */
final class UnnamedStepReader {

    private final boolean nullable;

    private StepTimestamp timestamp = StepTimestamp.NONE;

    /**
     * Creates a reader.
     * @param nullable whether a null is a value that is missing
     */
    UnnamedStepReader(boolean nullable) {
        this.nullable = nullable;
    }

    /**
     * Reads one time step.
     * @param parser on the start of the object; afterwards on its end
     * @param field what the object is called in messages
     * @return the numbers, all finite or NaN for null, and the time of the step
     * @throws InvalidFeaturesException if a number is not finite
     */
    TimedStep read(JsonParser parser, String field) throws InvalidFeaturesException {
        Map<String, List<Float>> fields = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("timestamp")) {
                timestamp = TimestampReader.read(parser, field + ".timestamp");
            }
            else {
                fields.put(name, readNumbers(parser, token));
            }
        }
        return UnnamedStep.of(fields, timestamp, field);
    }

    private Map<String, List<Float>> readFields(JsonParser parser) {
        Map<String, List<Float>> fields = new TreeMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            fields.put(name, readNumbers(parser, parser.nextToken()));
        }
        return fields;
    }

    private List<Float> readNumbers(JsonParser parser, JsonToken first) {
        List<Float> numbers = new ArrayList<>();
        switch (first) {
            case START_OBJECT -> readFields(parser).values().forEach(numbers::addAll);
            case START_ARRAY -> {
                for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                    numbers.addAll(readNumbers(parser, token));
                }
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numbers.add((float) parser.getDoubleValue());
            case VALUE_NULL -> numbers.addAll(nullable ? List.of(Float.NaN) : List.of());
            default -> parser.skipChildren();
        }
        return numbers;
    }

}
