package io.modelserver.registry.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.Datatype;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The inputs in the signature of an {@code MLmodel}, a text of JSON: either columns of a
 * table, which are the features of one input in their order, or tensors with the batch as
 * their first axis.
 */
final class MlflowSignature {

    private static final String WHERE = "MLmodel: signature.inputs ";

    private static final String TENSOR = "tensor";

    /** Of columns; all are fed as the model's input takes them. */
    private static final List<String> NUMBERS = List.of("boolean", "integer", "long", "float", "double");

    /** Floats of which the model takes its own: requests are read as float32 at first. */
    private static final List<Datatype> FLOATS = List.of(Datatype.FP32, Datatype.FP64, Datatype.FP16);

    /** The names that NumPy gives them. */
    private static final Map<String, Datatype> DATATYPES = Map.of("float32", Datatype.FP32, "float64", Datatype.FP64,
            "float16", Datatype.FP16, "int64", Datatype.INT64, "int32", Datatype.INT32, "bool", Datatype.BOOL, "str",
            Datatype.BYTES, "object", Datatype.BYTES);

    private MlflowSignature() {
    }

    /**
     * Reads the inputs.
     * @param json the text
     * @param metadata to which they are added in the words of {@code metadata.json}
     * @throws ModelLoadException if they can't be served; the message says why
     */
    static void describe(String json, ObjectNode metadata) throws ModelLoadException {
        JsonNode inputs = read(json);
        List<JsonNode> all = inputs.valueStream().toList();
        if (!inputs.isArray() || all.isEmpty() || !all.stream().allMatch(JsonNode::isObject)) {
            throw new ModelLoadException(WHERE + "must be a list of columns or tensors");
        }
        if (all.stream().allMatch(MlflowSignature::isTensor)) {
            ArrayNode declared = metadata.putArray("inputs");
            for (JsonNode tensor : all) {
                tensor(tensor, declared.addObject());
            }
        }
        else {
            columns(all, metadata);
        }
    }

    private static JsonNode read(String json) throws ModelLoadException {
        try {
            return RegistryJson.MAPPER.readTree(json);
        }
        catch (JacksonException ex) {
            throw new ModelLoadException(RegistryJson.problem("the signature in MLmodel", ex), ex);
        }
    }

    private static boolean isTensor(JsonNode input) {
        return type(input).equals(TENSOR);
    }

    private static String type(JsonNode input) {
        return input.path("type").asString("");
    }

    private static Optional<String> name(JsonNode input) {
        return Optional.of(input.path("name").asString("")).filter((name) -> !name.isEmpty());
    }

    private static void tensor(JsonNode tensor, ObjectNode input) throws ModelLoadException {
        String name = name(tensor).orElse("features");
        JsonNode spec = tensor.path("tensor-spec");
        String type = spec.path("dtype").asString("");
        Datatype datatype = DATATYPES.get(type);
        if (datatype == null) {
            throw new ModelLoadException(WHERE + "declares '%s' as %s; the server feeds %s".formatted(name,
                    type.isEmpty() ? "a tensor without a dtype" : type,
                    String.join(", ", DATATYPES.keySet().stream().sorted().toList())));
        }
        List<JsonNode> shape = spec.path("shape").valueStream().toList();
        if (shape.size() < 2 || !shape.stream().allMatch(JsonNode::isInt)
                || (shape.getFirst().asInt() != -1 && shape.getFirst().asInt() != 1)) {
            throw new ModelLoadException(
                    WHERE + "gives '%s' the shape %s: expected the batch axis, -1, and the dimensions of one row"
                        .formatted(name, spec.path("shape")));
        }
        input.put("name", name);
        // MLflow takes float64 from whoever calls, and casts it to what a graph takes.
        if (!FLOATS.contains(datatype)) {
            input.put("datatype", datatype.name());
        }
        ArrayNode dimensions = input.putArray("shape");
        shape.stream().skip(1).forEach(dimensions::add);
    }

    private static void columns(List<JsonNode> columns, ObjectNode metadata) throws ModelLoadException {
        for (JsonNode column : columns) {
            if (!NUMBERS.contains(type(column))) {
                throw new ModelLoadException(WHERE
                        + "has the column '%s' of type %s: only numbers are fed; encode it as numbers before the model"
                            .formatted(name(column).orElse(""), column.path("type")));
            }
        }
        metadata.putArray("inputs").addObject().put("name", "features").putArray("shape").add(columns.size());
        List<String> names = columns.stream().map(MlflowSignature::name).flatMap(Optional::stream).toList();
        if (names.size() == columns.size()) {
            ArrayNode featureNames = metadata.putArray("feature_names");
            names.forEach(featureNames::add);
        }
    }

}
