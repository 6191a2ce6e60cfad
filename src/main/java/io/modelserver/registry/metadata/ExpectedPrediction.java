package io.modelserver.registry.metadata;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.modelserver.head.OutputValues;
import io.modelserver.model.OutputRef;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a golden sample says must be answered, in the words of the answer; what it leaves
 * out may be anything.
 *
 * @param direction which way, null if left out
 * @param numbers by the name of the answer's field
 * @param outputs what else is answered, by name
 */
public record ExpectedPrediction(@Nullable Direction direction, Map<String, Double> numbers,
        Map<String, OutputValues> outputs) {

    private static final String OUTPUTS = "outputs";

    private static final List<String> FIELDS = List.of("direction", "confidence", "probabilities", "expected_return",
            OUTPUTS);

    private static final String CONFIDENCE = "confidence";

    private static final String EXPECTED_RETURN = "expected_return";

    private static final String PROBABILITIES = "probabilities.";

    /**
     * Reads {@code prediction} of a sample.
     * @return what it expects, null if there is none
     * @throws IllegalArgumentException if it is not written like an answer
     */
    static @Nullable ExpectedPrediction read(JsonNode prediction) {
        if (prediction.isMissingNode() || prediction.isNull()) {
            return null;
        }
        expectFields(prediction);
        Map<String, Double> numbers = new LinkedHashMap<>();
        for (String field : new String[] { CONFIDENCE, EXPECTED_RETURN }) {
            if (prediction.hasNonNull(field)) {
                numbers.put(field, number(prediction.path(field), field));
            }
        }
        for (Map.Entry<String, JsonNode> probability : prediction.path("probabilities").properties()) {
            Direction direction = direction(probability.getKey());
            numbers.put(PROBABILITIES + direction, number(probability.getValue(), PROBABILITIES + direction));
        }
        return new ExpectedPrediction(
                prediction.hasNonNull("direction") ? direction(prediction.path("direction").asString("")) : null,
                numbers, outputs(prediction.path(OUTPUTS)));
    }

    private static Map<String, OutputValues> outputs(JsonNode outputs) {
        Map<String, OutputValues> expected = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> output : outputs.properties()) {
            OutputValues values = ExpectedValues.of(output.getValue());
            if (values == null) {
                throw new IllegalArgumentException(
                        "prediction.outputs.%s must be a number, a text or a list of them, not %s"
                            .formatted(output.getKey(), output.getValue()));
            }
            expected.put(output.getKey(), values);
        }
        return expected;
    }

    private static void expectFields(JsonNode prediction) {
        if (!prediction.isObject() || prediction.isEmpty()) {
            throw new IllegalArgumentException("prediction must be an object with one at least of %s, not %s"
                .formatted(String.join(", ", FIELDS), prediction));
        }
        for (String field : prediction.propertyNames()) {
            if (!FIELDS.contains(field)) {
                throw new IllegalArgumentException("prediction has '%s', which checks nothing: it may have %s"
                    .formatted(field, String.join(", ", FIELDS)));
            }
        }
        if (prediction.hasNonNull("probabilities") && !prediction.path("probabilities").isObject()) {
            throw new IllegalArgumentException("prediction.probabilities must be an object, e.g. {\"BUY\": 0.6}, not "
                    + prediction.path("probabilities"));
        }
    }

    private static Direction direction(String text) {
        return Arrays.stream(Direction.values())
            .filter((direction) -> direction.name().equals(text.toUpperCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(
                    "prediction has the direction '%s', expected SELL, HOLD or BUY".formatted(text)));
    }

    private static double number(JsonNode node, String field) {
        if (!node.isNumber()) {
            throw new IllegalArgumentException("prediction.%s is not a number".formatted(field));
        }
        return RegistryJson.number(node);
    }

    /**
     * Compares it with what was answered.
     * @param answered what the version answered to the sample
     * @param tolerance how far numbers may differ, absolutely below 1 and relatively
     * above
     * @return what differs, or null if nothing does
     */
    public @Nullable String difference(Signal answered, double tolerance) {
        if (direction != null && direction != answered.direction()) {
            return "direction is %s, sample.json says %s".formatted(answered.direction(), direction);
        }
        for (Map.Entry<String, Double> expected : numbers.entrySet()) {
            Float actual = number(answered, expected.getKey());
            double allowed = tolerance * Math.max(1, Math.abs(expected.getValue()));
            if (actual == null || !(Math.abs(actual - expected.getValue()) <= allowed)) {
                return "%s is %s, sample.json says %s".formatted(expected.getKey(), actual, expected.getValue());
            }
        }
        for (Map.Entry<String, OutputValues> expected : outputs.entrySet()) {
            Tensor actual = answered.outputs().get(expected.getKey());
            String difference = (actual == null) ? "outputs.%s is missing".formatted(expected.getKey())
                    : expected.getValue()
                        .difference(OutputValues.of(actual, OutputRef.WHOLE, false, 0, 1), tolerance, "sample.json")
                        .map(("outputs." + expected.getKey())::concat)
                        .orElse(null);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    private static @Nullable Float number(Signal answered, String field) {
        return switch (field) {
            case CONFIDENCE -> answered.confidence();
            case EXPECTED_RETURN -> answered.expectedReturn();
            default -> of(answered.probabilities(), Direction.valueOf(field.substring(PROBABILITIES.length())));
        };
    }

    /**
     * Finds the probability of a direction.
     * @param probabilities what was answered, null if the model gives none
     * @param direction which of them
     * @return it, or null if there is none
     */
    public static @Nullable Float of(@Nullable Probabilities probabilities, Direction direction) {
        return (probabilities == null) ? null : switch (direction) {
            case SELL -> probabilities.sell();
            case HOLD -> probabilities.hold();
            case BUY -> probabilities.buy();
        };
    }

}
