package io.modelserver.window;

import java.util.List;
import java.util.Optional;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.TensorSpec;

/**
 * What a window holds. Versions whose schemas are equal share their windows.
 *
 * @param steps how many time steps the model looks at, T
 * @param features how many numbers a step has, F
 * @param names fingerprint of the features' names and order, or the model's name where
 * features have none; of order books, their columns
 */
public record WindowSchema(int steps, int features, String names) {

    private static final String BOOKS = ModelMetadata.RAW_LOB + " ";

    /**
     * Derives the schema of the input that takes features.
     * @param metadata the model
     * @return the schema, empty if the model does not look at a fixed number of at least
     * two steps
     */
    public static Optional<WindowSchema> of(ModelMetadata metadata) {
        List<Integer> shape = metadata.features().shape();
        boolean steps = shape.size() == 2 && metadata.features().isFixed() && shape.getFirst() > 1;
        return (steps && metadata.features().datatype() == Datatype.FP32 && metadata.takesFeatures())
                ? Optional.of(new WindowSchema(shape.getFirst(), shape.getLast(), names(metadata))) : Optional.empty();
    }

    /** Numbers without names mean the same only to versions of one model. */
    private static String names(ModelMetadata metadata) {
        return metadata.featureNames().names().isEmpty() ? "model " + metadata.id().name()
                : metadata.featureNames().fingerprint();
    }

    /**
     * Derives the schema of the input that takes order books, each of which is a step.
     * @param metadata the model
     * @return the schema, empty if the model does not look at a fixed number of at least
     * two books
     */
    public static Optional<WindowSchema> ofBooks(ModelMetadata metadata) {
        return metadata.rawLob()
            .filter((input) -> input.datatype() == Datatype.FP32)
            .flatMap((input) -> BookLayout.of(input)
                .filter(BookLayout::looksBack)
                .map((layout) -> ofBooks(input, layout, metadata)));
    }

    private static WindowSchema ofBooks(TensorSpec input, BookLayout layout, ModelMetadata metadata) {
        boolean named = layout.isKnown() && !layout.columns().isEmpty();
        String columns = named ? String.join(",", layout.columns()) : "model " + metadata.id().name();
        return new WindowSchema(layout.books(), input.elements() / layout.books(), BOOKS + columns);
    }

    /**
     * {@return the field of a request that fills such a window: {@code features} or
     * {@code raw_lob}}
     */
    public String input() {
        return isOfBooks() ? ModelMetadata.RAW_LOB : "features";
    }

    boolean isOfBooks() {
        return names.startsWith(BOOKS);
    }

}
