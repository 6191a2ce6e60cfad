package io.modelserver.registry.metadata;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.modelserver.model.BookLayout;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.TensorSpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The inputs that {@code metadata.json} declares, by {@code inputs} or by
 * {@code input_shape} alone. Shapes leave the batch axis out.
 */
final class DeclaredInputs {

    private static final String INPUT_SHAPE = "input_shape";

    private static final String SHAPE = "shape";

    private static final String DATATYPE = "datatype";

    private static final String FEATURES = "features";

    private static final String COLUMNS = "columns";

    private static final String FEATURE_NAMES = "feature_names";

    private static final List<String> OF_OTHER_TOOLS = List.of("dims", "input", "signature", "inputs", "input_dim",
            "input_size", "n_features", "shape");

    private DeclaredInputs() {
    }

    /**
     * Reads them.
     * @throws IllegalArgumentException with a sentence on what to write instead
     */
    static List<TensorSpec> of(ObjectNode metadata) {
        JsonNode declared = metadata.path("inputs");
        if (!declared.isArray() || declared.isEmpty()) {
            return List.of(new TensorSpec(FEATURES, inputShape(metadata)));
        }
        List<TensorSpec> inputs = new ArrayList<>();
        for (JsonNode input : declared) {
            List<Integer> shape = input.has(SHAPE)
                    ? shape("the shape of inputs[%d]".formatted(inputs.size()), input.path(SHAPE))
                    : withoutShape(metadata, input, inputs.size());
            TensorSpec spec = new TensorSpec(input.path("name").asString(FEATURES), datatype(input), shape);
            boolean isBook = BookLayout.of(spec).isPresent();
            if (!isBook && spec.name().equals(ModelMetadata.RAW_LOB) && input.hasNonNull(COLUMNS)) {
                throw new IllegalArgumentException(
                        ("inputs[%d] has columns, which are the four numbers of a level of an order book, but its shape is %s: "
                                + "expected [levels, 4] or [T, levels, 4] of floating-point numbers, or no columns")
                            .formatted(inputs.size(), spec.shape()));
            }
            inputs.add(isBook ? withColumns(spec, metadata, input, inputs.size()) : spec);
        }
        return inputs;
    }

    /**
     * The columns of an order book are its features. Names that are none of the server's
     * say that only the model's trainer knows the order; {@code columns} must be known.
     */
    private static TensorSpec withColumns(TensorSpec spec, ObjectNode metadata, JsonNode input, int position) {
        JsonNode columns = input.path(COLUMNS);
        JsonNode names = input.has(FEATURE_NAMES) ? input.path(FEATURE_NAMES)
                : (position == 0) ? metadata.path(FEATURE_NAMES) : columns;
        List<String> declared = (columns.isArray() ? columns : names).valueStream()
            .map((name) -> name.asString(""))
            .toList();
        TensorSpec named = new TensorSpec(spec.name(), spec.datatype(), spec.shape(), declared);
        if (input.hasNonNull(COLUMNS) && !(columns.isArray() && BookLayout.of(named).orElseThrow().isKnown())) {
            throw new IllegalArgumentException("the columns of inputs[%d] must be %s in the model's order, not %s"
                .formatted(position, BookLayout.COLUMNS, columns));
        }
        List<String> others = names.valueStream().map((name) -> name.asString("")).toList();
        if (!others.isEmpty() && others.size() != BookLayout.COLUMNS.size()) {
            throw new IllegalArgumentException(
                    "the feature_names of inputs[%d] are %d, but a level of an order book has %d numbers"
                        .formatted(position, others.size(), BookLayout.COLUMNS.size()));
        }
        if (BookLayout.COLUMNS.containsAll(others) && !others.isEmpty() && !others.equals(declared)) {
            throw new IllegalArgumentException(
                    "inputs[%d] has the columns %s, but the feature_names %s: keep those that are in the model's order"
                        .formatted(position, declared, others));
        }
        return named;
    }

    static boolean areIn(ObjectNode metadata) {
        JsonNode declared = metadata.path("inputs");
        return metadata.hasNonNull(INPUT_SHAPE) || (declared.isArray() && !declared.isEmpty());
    }

    /**
     * {@return whether it is known what each input holds, and of which shape it is}
     */
    static boolean areComplete(ObjectNode metadata) {
        JsonNode declared = metadata.path("inputs");
        boolean byName = declared.isArray() && !declared.isEmpty();
        return metadata.hasNonNull(INPUT_SHAPE)
                || (byName && declared.valueStream().allMatch((input) -> input.hasNonNull(SHAPE)));
    }

    /**
     * Adds what a model file says of its inputs where the metadata does not.
     * @param metadata which is not changed
     * @param inputs those of the file
     * @return the metadata, or a copy that says more
     */
    static ObjectNode completed(ObjectNode metadata, List<ModelSignature.Input> inputs) {
        JsonNode declared = metadata.path("inputs");
        if (!areIn(metadata)) {
            return inputs.stream().allMatch((input) -> input.shape().size() > 1) ? declaring(metadata, inputs)
                    : metadata;
        }
        ObjectNode completed = metadata.deepCopy();
        if (declared.isArray() && !declared.isEmpty()) {
            completed.path("inputs")
                .valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .forEach((input) -> sameInput(input, declared.size(), inputs)
                    .ifPresent((own) -> complete(input, own, metadata.hasNonNull(INPUT_SHAPE))));
        }
        else if (inputs.size() == 1) {
            ObjectNode only = completed.putArray("inputs").addObject().put("name", FEATURES);
            complete(only.set(SHAPE, metadata.path(INPUT_SHAPE)), inputs.getFirst(), true);
        }
        return completed;
    }

    /** Features come first where there are any, as in any request. */
    private static ObjectNode declaring(ObjectNode metadata, List<ModelSignature.Input> inputs) {
        ObjectNode completed = metadata.deepCopy();
        ArrayNode declared = completed.putArray("inputs");
        inputs.stream()
            .sorted(Comparator.comparing((ModelSignature.Input input) -> !input.name().equals(FEATURES))
                .thenComparing((input) -> input.name().equals(ModelMetadata.RAW_LOB)))
            .forEach((input) -> complete(declared.addObject().put("name", input.name()), input, false));
        return completed;
    }

    private static Optional<ModelSignature.Input> sameInput(ObjectNode declared, int count,
            List<ModelSignature.Input> inputs) {
        return (count == 1 && inputs.size() == 1) ? Optional.of(inputs.getFirst())
                : inputs.stream()
                    .filter((input) -> input.name().equals(declared.path("name").asString("")))
                    .findFirst();
    }

    private static void complete(ObjectNode declared, ModelSignature.Input own, boolean hasShape) {
        if (!declared.hasNonNull(SHAPE) && !hasShape && own.shape().size() > 1) {
            ArrayNode shape = declared.putArray(SHAPE);
            own.shape().stream().skip(1).forEach(shape::add);
        }
        Datatype datatype = own.datatype();
        if (datatype != null && Datatype.of(declared.path(DATATYPE).asString("")).isEmpty()) {
            declared.put(DATATYPE, datatype.name());
        }
    }

    /** Other words than the protocol's were never read, and mean nothing here either. */
    private static Datatype datatype(JsonNode input) {
        return Datatype.of(input.path(DATATYPE).asString("")).orElse(Datatype.FP32);
    }

    private static List<Integer> withoutShape(ObjectNode metadata, JsonNode input, int position) {
        if (metadata.has(INPUT_SHAPE)) {
            return inputShape(metadata);
        }
        throw new IllegalArgumentException(
                "inputs[%d] has no \"shape\"%s: give it without the batch axis, e.g. [60, 110]".formatted(position,
                        input.has("dims") ? "; \"dims\" is not read" : ""));
    }

    private static List<Integer> inputShape(ObjectNode metadata) {
        if (metadata.hasNonNull(INPUT_SHAPE)) {
            return shape(INPUT_SHAPE, metadata.path(INPUT_SHAPE));
        }
        String others = String.join(", ", OF_OTHER_TOOLS.stream().filter(metadata::has).toList());
        throw new IllegalArgumentException("input_shape is missing: give it without the batch axis, e.g. [60, 110]"
                + (others.isEmpty() ? "" : "; the server does not take it from '%s'".formatted(others)));
    }

    private static List<Integer> shape(String what, JsonNode shape) {
        if (isInteger(shape)) {
            return List.of(integer(shape));
        }
        if (shape.isObject()) {
            throw new IllegalArgumentException(
                    what + " is an object, expected an array such as [60, 110]; several inputs are declared by "
                            + "\"inputs\": [{\"name\": …, \"shape\": […]}]");
        }
        if (!shape.isArray()) {
            throw new IllegalArgumentException(
                    "%s must be an array of integers without the batch axis, e.g. [60, 110], not %s".formatted(what,
                            shape));
        }
        List<JsonNode> dimensions = shape.valueStream().toList();
        if (dimensions.size() > 1 && !isInteger(dimensions.getFirst())
                && dimensions.stream().skip(1).allMatch(DeclaredInputs::isInteger)) {
            throw new IllegalArgumentException("%s must leave the batch axis out: %s, not %s".formatted(what,
                    dimensions.subList(1, dimensions.size()), shape));
        }
        if (!dimensions.stream().allMatch(DeclaredInputs::isInteger)) {
            throw new IllegalArgumentException(
                    "%s must be an array of integers without the batch axis, e.g. [60, 110], not %s".formatted(what,
                            shape));
        }
        return dimensions.stream().map(DeclaredInputs::integer).toList();
    }

    /** Some writers know floating-point numbers only. */
    private static boolean isInteger(JsonNode node) {
        return node.isInt() || (node.isNumber() && node.canConvertToExactIntegral() && node.canConvertToInt());
    }

    private static int integer(JsonNode node) {
        return node.isInt() ? node.asInt() : node.decimalValue().intValueExact();
    }

    /** The same for the first of the inputs that can be mistaken. */
    static String doubt(ObjectNode metadata) {
        try {
            return of(metadata).stream()
                .map((input) -> doubt(input.shape()))
                .filter((sentence) -> !sentence.isEmpty())
                .findFirst()
                .orElse("");
        }
        catch (IllegalArgumentException ex) {
            // The inputs themselves are what was refused.
            return "";
        }
    }

    /**
     * Where the first dimension may be the batch axis, which only the model knows, and
     * the model does not run: what to try.
     * @return a sentence, empty if the shape can't be mistaken
     */
    static String doubt(List<Integer> shape) {
        boolean mayBeBatchAxis = shape.size() > 1 && (shape.getFirst() == TensorSpec.FREE || shape.getFirst() == 1);
        return mayBeBatchAxis ? "; input_shape leaves the batch axis out: for a model of [batch, %s] it is %s, not %s"
            .formatted(String.join(", ", shape.stream().skip(1).map(String::valueOf).toList()),
                    shape.subList(1, shape.size()), shape)
                : "";
    }

}
