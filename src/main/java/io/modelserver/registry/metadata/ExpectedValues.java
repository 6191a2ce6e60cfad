package io.modelserver.registry.metadata;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.head.OutputValues;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.OutputRole;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a golden sample expects of an output. */
final class ExpectedValues {

    private ExpectedValues() {
    }

    /**
     * Reads elements, one or arrays of them.
     * @return numbers, or texts as soon as one element is a text or a truth value; null
     * if there is something else
     */
    static @Nullable OutputValues of(JsonNode node) {
        List<JsonNode> elements = new ArrayList<>();
        if (!flatten(node, elements)) {
            return null;
        }
        if (elements.stream().allMatch(JsonNode::isNumber)) {
            float[] numbers = new float[elements.size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) RegistryJson.number(elements.get(i));
            }
            return new OutputValues.Numbers(numbers);
        }
        return new OutputValues.Texts(elements.stream().map(ExpectedValues::text).toList());
    }

    private static String text(JsonNode element) {
        return element.isString() ? element.asString() : element.toString();
    }

    private static boolean flatten(JsonNode node, List<JsonNode> elements) {
        if (node.isArray()) {
            boolean readable = true;
            for (JsonNode item : node) {
                readable &= flatten(item, elements);
            }
            return readable;
        }
        elements.add(node);
        return node.isNumber() || node.isString() || node.isBoolean();
    }

    /** Others may be notes of the trainer's. */
    static boolean isChecked(String key, ModelMetadata metadata) {
        return Arrays.stream(OutputRole.values()).anyMatch((role) -> role.key().equals(key))
                || metadata.rules().named().containsKey(key);
    }

}
