package io.modelserver.registry.metadata;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.modelserver.model.AnswerRules;
import io.modelserver.model.Decision;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.Task;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code metadata.json} says of a model's answers: its task, its outputs, its
 * classes, and the rule in {@code decide}.
 *
 * @param task {@link Task#DIRECTION} where nothing is said
 * @param classes of the scores, in their order; those of a map in the order of the map
 * @param outputs where each known output is found
 * @param rules the rest
 */
record DeclaredAnswers(Task task, List<String> classes, Map<OutputRole, OutputRef> outputs, AnswerRules rules) {

    private static final String CLASSES = "classes";

    private static final String DECIDE = "decide";

    private static final String FROM = "from";

    private static final String BUY_ABOVE = "buy_above";

    private static final String SELL_BELOW = "sell_below";

    private static final String HOLD_BELOW = "hold_below";

    /**
     * Reads them.
     * @throws IllegalArgumentException with a sentence on what to write instead
     */
    static DeclaredAnswers of(ObjectNode metadata) {
        DeclaredOutputs outputs = DeclaredOutputs.of(metadata);
        JsonNode classes = metadata.path(CLASSES);
        Map<String, String> ownLabels = classes.isObject() ? ownLabels(classes) : Map.of();
        Decision decision = decision(metadata.path(DECIDE));
        Optional<Task> task = task(metadata.path("task"));
        AnswerRules rules = new AnswerRules(task.isPresent(), ownLabels, outputs.named(), outputs.leftOut(),
                outputs.levels(), decision);
        return new DeclaredAnswers(
                task.orElse((decision instanceof Decision.ByNumber) ? Task.REGRESSION : Task.DIRECTION),
                classes.isObject() ? List.copyOf(ownLabels.values()) : RegistryJson.strings(metadata, CLASSES),
                outputs.roles(), rules);
    }

    /** Other words are those of tools, for which the field is a note. */
    private static Optional<Task> task(JsonNode task) {
        return task.isString() ? Task.of(task.asString()) : Optional.empty();
    }

    private static Map<String, String> ownLabels(JsonNode classes) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> label : classes.properties()) {
            if (!label.getValue().isString()) {
                throw new IllegalArgumentException(
                        "classes must be an array of strings, or map each of the model's own labels to SELL, HOLD or BUY, "
                                + "e.g. {\"-1\": \"SELL\", \"0\": \"HOLD\", \"1\": \"BUY\"}, not " + classes);
            }
            labels.put(label.getKey(), label.getValue().asString());
        }
        return labels;
    }

    private static @Nullable Decision decision(JsonNode decide) {
        if (decide.isMissingNode() || decide.isNull()) {
            return null;
        }
        Set<String> known = Set.of(FROM, BUY_ABOVE, SELL_BELOW, HOLD_BELOW);
        boolean byNumber = decide.has(BUY_ABOVE) || decide.has(SELL_BELOW);
        if (!decide.isObject() || byNumber == decide.has(HOLD_BELOW) || !known.containsAll(decide.propertyNames())) {
            throw new IllegalArgumentException(
                    ("decide must be {\"from\": \"expected_return\", \"buy_above\": 0.001, \"sell_below\": -0.001} for a "
                            + "number, or {\"hold_below\": 0.55} for a classifier, not %s")
                        .formatted(decide));
        }
        return byNumber ? byNumber(decide) : holdBelow(decide);
    }

    private static Decision byNumber(JsonNode decide) {
        double buyAbove = number(decide, BUY_ABOVE, Double.POSITIVE_INFINITY);
        double sellBelow = number(decide, SELL_BELOW, Double.NEGATIVE_INFINITY);
        if (sellBelow > buyAbove) {
            throw new IllegalArgumentException(
                    "decide.sell_below is %s, above decide.buy_above, which is %s: numbers between them would be both"
                        .formatted(sellBelow, buyAbove));
        }
        JsonNode from = decide.path(FROM);
        if (!from.isMissingNode() && !from.isString()) {
            throw new IllegalArgumentException("decide.from must be the name of an output, not " + from);
        }
        return new Decision.ByNumber(from.asString(OutputRole.EXPECTED_RETURN.key()), buyAbove, sellBelow);
    }

    private static Decision holdBelow(JsonNode decide) {
        double probability = number(decide, HOLD_BELOW, 0);
        if (!(probability > 0 && probability <= 1) || decide.has(FROM)) {
            throw new IllegalArgumentException(
                    "decide.hold_below must be a probability above 0 and at most 1, and stand alone, not in " + decide);
        }
        return new Decision.HoldBelow(probability);
    }

    private static double number(JsonNode decide, String field, double otherwise) {
        if (!decide.has(field)) {
            return otherwise;
        }
        double number = RegistryJson.number(decide.path(field));
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(
                    "decide.%s must be a finite number, not %s".formatted(field, decide.path(field)));
        }
        return number;
    }

}
