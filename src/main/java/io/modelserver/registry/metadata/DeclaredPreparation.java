package io.modelserver.registry.metadata;

import io.modelserver.model.InputPreparation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@code metadata.json} says about what callers send: {@code missing}. */
final class DeclaredPreparation {

    private static final String MISSING = "missing";

    private DeclaredPreparation() {
    }

    /**
     * Reads it.
     * @throws IllegalArgumentException with a sentence on what to write instead
     */
    static InputPreparation of(ObjectNode metadata) {
        boolean missing = isAllowed(metadata);
        int position = 0;
        for (JsonNode input : metadata.path("inputs")) {
            if (position > 0 && isAllowed(input)) {
                throw new IllegalArgumentException(
                        "inputs[%d] has \"missing\": \"allowed\", but only values of the first input, which takes the features, can be missing"
                            .formatted(position));
            }
            missing |= isAllowed(input);
            position++;
        }
        return new InputPreparation(missing);
    }

    /** Other values are notes of trainers, such as a share. */
    private static boolean isAllowed(JsonNode declaring) {
        return declaring.path(MISSING).asString("").strip().equalsIgnoreCase("allowed");
    }

}
