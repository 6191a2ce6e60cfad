package io.modelserver.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import io.modelserver.drift.Baseline;
import io.modelserver.inference.Direction;
import io.modelserver.inference.FeatureNames;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelMetadata;
import io.modelserver.inference.OutputRef;
import io.modelserver.inference.OutputRole;
import io.modelserver.inference.TensorSpec;
import io.modelserver.storage.AtomicFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code metadata.json} of one version: the fields that the server knows, and all
 * others untouched.
 */
final class MetadataFile {

    private static final int LARGEST = 8 << 20;

    private final Path path;

    private final ObjectNode document;

    private MetadataFile(Path path, ObjectNode document) {
        this.path = path;
        this.document = document;
    }

    static MetadataFile read(Path path) throws ModelLoadException {
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException("metadata.json is missing; it must give at least \"input_shape\"");
        }
        try {
            if (Files.size(path) > LARGEST) {
                throw new ModelLoadException("metadata.json is larger than %d bytes".formatted(LARGEST));
            }
            if (RegistryJson.MAPPER.readTree(Files.readAllBytes(path)) instanceof ObjectNode document) {
                return new MetadataFile(path, document);
            }
            throw new ModelLoadException("metadata.json is no JSON object");
        }
        catch (JacksonException ex) {
            throw new ModelLoadException("metadata.json is not valid JSON: " + ex.getOriginalMessage(), ex);
        }
        catch (IOException ex) {
            throw new ModelLoadException("metadata.json can't be read", ex);
        }
    }

    ModelMetadata describe(ModelId id) throws ModelLoadException {
        try {
            return new ModelMetadata(id, inputs(), classes(), outputs(), new FeatureNames(strings("feature_names")));
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException("metadata.json: " + ex.getMessage(), ex);
        }
    }

    Optional<Stage> stage() {
        return text("stage").flatMap(Stage::of);
    }

    Optional<String> text(String field) {
        return Optional.ofNullable(document.get(field)).filter(JsonNode::isString).map(JsonNode::asString);
    }

    /**
     * Finds the checksum of a file.
     * @param file e.g. {@code model.pt}
     * @return lower-case hexadecimal; {@code sha256} is one text, then it is that of
     * {@code model.pt}, or one a file
     */
    Optional<String> sha256(String file) {
        JsonNode field = document.path("sha256");
        JsonNode digest = field.isObject() ? field.path(file) : "model.pt".equals(file) ? field : null;
        return Optional.ofNullable(digest)
            .filter(JsonNode::isString)
            .map((node) -> node.asString().strip().toLowerCase(Locale.ROOT));
    }

    Map<String, @Nullable Object> metrics() {
        return finite(document.path("metrics"));
    }

    /**
     * Reads what the model saw in training.
     * @return those of {@code feature_names} in their order, else all in the order of the
     * file
     * @throws IllegalArgumentException if {@code feature_stats} can't be used
     */
    Baseline baseline() {
        return FeatureStats.read(document.path("feature_stats"), strings("feature_names"));
    }

    List<Integer> inputShape() {
        return document.path("input_shape").isArray() ? integers(document.path("input_shape")) : List.of();
    }

    /** Rewrites the stage; a field that the server does not know stays as it is. */
    void writeStage(Stage stage, Instant now) throws IOException {
        document.put("stage", stage.metadataSpelling());
        document.put("updated_at", now.toString());
        new AtomicFile(path).write(RegistryJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    }

    private List<TensorSpec> inputs() {
        JsonNode declared = document.path("inputs");
        if (!declared.isArray() || declared.isEmpty()) {
            return List.of(new TensorSpec("features", integers(document.path("input_shape"))));
        }
        List<TensorSpec> inputs = new ArrayList<>();
        for (JsonNode input : declared) {
            JsonNode shape = input.has("shape") ? input.path("shape") : document.path("input_shape");
            inputs.add(new TensorSpec(input.path("name").asString("features"), integers(shape)));
        }
        return inputs;
    }

    private List<Direction> classes() {
        if (!document.hasNonNull("classes")) {
            return List.of(Direction.values());
        }
        return strings("classes").stream().map((name) -> direction(name)).toList();
    }

    private static Direction direction(String name) {
        return Arrays.stream(Direction.values())
            .filter((direction) -> direction.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("classes must be of SELL, HOLD and BUY, not " + name));
    }

    private Map<OutputRole, OutputRef> outputs() {
        Map<OutputRole, OutputRef> outputs = new EnumMap<>(OutputRole.class);
        for (OutputRole role : OutputRole.values()) {
            JsonNode ref = document.path("outputs").path(role.key());
            if (ref.isInt()) {
                outputs.put(role, new OutputRef.ByPosition(ref.asInt()));
            }
            else if (ref.isString()) {
                outputs.put(role, new OutputRef.ByName(ref.asString()));
            }
            else if (!ref.isMissingNode() && !ref.isNull()) {
                throw new IllegalArgumentException(
                        "outputs.%s must be a position or a name, not %s".formatted(role.key(), ref));
            }
        }
        return outputs;
    }

    private List<String> strings(String field) {
        JsonNode array = document.path(field);
        if (array.isMissingNode() || array.isNull()) {
            return List.of();
        }
        if (!array.isArray() || array.valueStream().anyMatch((item) -> !item.isString())) {
            throw new IllegalArgumentException(field + " must be an array of strings");
        }
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static List<Integer> integers(JsonNode array) {
        if (!array.isArray() || array.valueStream().anyMatch((item) -> !item.isInt())) {
            throw new IllegalArgumentException(
                    "input_shape must be an array of integers without the batch axis, e.g. [60, 110]");
        }
        return array.valueStream().map(JsonNode::asInt).toList();
    }

    /** Python writes NaN into JSON; answers must not. */
    private static Map<String, @Nullable Object> finite(JsonNode object) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            values.put(field.getKey(), finiteValue(field.getValue()));
        }
        return values;
    }

    private static @Nullable Object finiteValue(JsonNode value) {
        if (value.isObject()) {
            return finite(value);
        }
        if (value.isArray()) {
            List<@Nullable Object> items = new ArrayList<>();
            value.forEach((item) -> items.add(finiteValue(item)));
            return items;
        }
        if (value.isFloatingPointNumber()) {
            double number = value.isBigDecimal() ? value.decimalValue().doubleValue() : value.doubleValue();
            return Double.isFinite(number) ? number : null;
        }
        return value.isNull() ? null : RegistryJson.MAPPER.treeToValue(value, Object.class);
    }

}
