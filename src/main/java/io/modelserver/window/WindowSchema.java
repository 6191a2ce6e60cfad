package io.modelserver.window;

import java.util.List;
import java.util.Optional;

import io.modelserver.model.ModelMetadata;

/**
 * What a window holds. Versions whose schemas are equal share their windows.
 *
 * @param steps how many time steps the model looks at, T
 * @param features how many numbers a step has, F
 * @param names fingerprint of the features' names and order, or the model's name where
 * features have none
 */
public record WindowSchema(int steps, int features, String names) {

    /**
     * Derives the schema of a model's input.
     * @param metadata the model
     * @return the schema, empty if the model does not look at a fixed number of at least
     * two steps
     */
    public static Optional<WindowSchema> of(ModelMetadata metadata) {
        List<Integer> shape = metadata.features().shape();
        return (shape.size() == 2 && metadata.features().isFixed() && shape.getFirst() > 1)
                ? Optional.of(new WindowSchema(shape.getFirst(), shape.getLast(), names(metadata))) : Optional.empty();
    }

    /** Numbers without names mean the same only to versions of one model. */
    private static String names(ModelMetadata metadata) {
        return metadata.featureNames().names().isEmpty() ? "model " + metadata.id().name()
                : metadata.featureNames().fingerprint();
    }

}
