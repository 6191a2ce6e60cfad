package io.modelserver.registry.metadata;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.modelserver.model.InputPreparation;
import io.modelserver.model.Scaling;
import io.modelserver.model.TensorSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code metadata.json} says about what callers send: {@code missing} and
 * {@code scaling}, each for the whole version or for one of its {@code inputs}.
 */
final class DeclaredPreparation {

    private static final String MISSING = "missing";

    private static final String SCALING = "scaling";

    private final ObjectNode metadata;

    private final List<TensorSpec> inputs;

    private final Map<String, Scaling> scaling = new HashMap<>();

    private DeclaredPreparation(ObjectNode metadata) {
        this.metadata = metadata;
        this.inputs = DeclaredInputs.of(metadata);
    }

    /**
     * Reads it.
     * @throws IllegalArgumentException with a sentence on what to write instead
     */
    static InputPreparation of(ObjectNode metadata) {
        return new DeclaredPreparation(metadata).read();
    }

    private InputPreparation read() {
        boolean missing = isAllowed(metadata, MISSING);
        JsonNode common = metadata.path(SCALING);
        if (DeclaredScaling.isOne(common)) {
            add(0, common, SCALING);
        }
        else {
            expectInputs(common);
        }
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i).name();
            add(i, common.isObject() ? common.path(name) : common.path(""), SCALING + "." + name);
            JsonNode input = metadata.path("inputs").path(i);
            add(i, input.path(SCALING), "inputs[%d].%s".formatted(i, SCALING));
            boolean here = isAllowed(input, "inputs[%d].%s".formatted(i, MISSING));
            if (i > 0 && here) {
                throw new IllegalArgumentException(
                        "inputs[%d] has \"missing\": \"allowed\", but only values of the first input, which takes the features, can be missing"
                            .formatted(i));
            }
            missing |= here;
        }
        return new InputPreparation(missing, scaling);
    }

    /** Scales of single features under their names are notes of trainers. */
    private void expectInputs(JsonNode scalings) {
        List<String> names = inputs.stream().map(TensorSpec::name).toList();
        for (Map.Entry<String, JsonNode> scaling : scalings.properties()) {
            boolean isOfAnInput = DeclaredScaling.isOne(scaling.getValue())
                    && scaling.getValue().valueStream().anyMatch(JsonNode::isArray);
            if (isOfAnInput && !names.contains(scaling.getKey())) {
                throw new IllegalArgumentException(
                        "scaling.%s is not read, since the inputs are called %s: use one of these names"
                            .formatted(scaling.getKey(), names));
            }
        }
    }

    private void add(int input, JsonNode declared, String field) {
        if (DeclaredScaling.isOne(declared) && scaling.put(inputs.get(input).name(),
                DeclaredScaling.of(declared, inputs.get(input), field)) != null) {
            throw new IllegalArgumentException(
                    "input '%s' has a scaling twice: keep one of the two".formatted(inputs.get(input).name()));
        }
    }

    /** What is no word is a note of trainers, such as a share. */
    private static boolean isAllowed(JsonNode declaring, String field) {
        JsonNode missing = declaring.path(MISSING);
        if (!missing.isString() && !missing.isBoolean()) {
            return false;
        }
        return switch (missing.asString("").strip().toLowerCase(Locale.ROOT)) {
            case "allowed" -> true;
            case "refused" -> false;
            default -> throw new IllegalArgumentException(
                    "%s must be \"allowed\" or \"refused\", which is the default, not %s".formatted(field, missing));
        };
    }

}
