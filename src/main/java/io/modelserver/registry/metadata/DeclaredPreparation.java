package io.modelserver.registry.metadata;

import java.util.HashMap;
import java.util.List;
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
        boolean missing = isAllowed(metadata);
        JsonNode common = metadata.path(SCALING);
        if (DeclaredScaling.isOne(common)) {
            add(0, common, SCALING);
        }
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i).name();
            add(i, common.isObject() ? common.path(name) : common.path(""), SCALING + "." + name);
            JsonNode input = metadata.path("inputs").path(i);
            add(i, input.path(SCALING), "inputs[%d].%s".formatted(i, SCALING));
            if (i > 0 && isAllowed(input)) {
                throw new IllegalArgumentException(
                        "inputs[%d] has \"missing\": \"allowed\", but only values of the first input, which takes the features, can be missing"
                            .formatted(i));
            }
            missing |= isAllowed(input);
        }
        return new InputPreparation(missing, scaling);
    }

    private void add(int input, JsonNode declared, String field) {
        if (DeclaredScaling.isOne(declared) && scaling.put(inputs.get(input).name(),
                DeclaredScaling.of(declared, inputs.get(input), field)) != null) {
            throw new IllegalArgumentException(
                    "input '%s' has a scaling twice: keep one of the two".formatted(inputs.get(input).name()));
        }
    }

    /** Other values are notes of trainers, such as a share. */
    private static boolean isAllowed(JsonNode declaring) {
        return declaring.path(MISSING).asString("").strip().equalsIgnoreCase("allowed");
    }

}
