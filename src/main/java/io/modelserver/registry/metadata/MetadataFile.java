package io.modelserver.registry.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.modelserver.drift.Baseline;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.Task;
import io.modelserver.storage.AtomicFile;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code metadata.json} of one version: the fields that the server knows, and all
 * others untouched.
 */
public final class MetadataFile {

    private static final String FEATURE_STATS = "feature_stats";

    private static final String STAGE = "stage";

    private static final String UPDATED_AT = "updated_at";

    private static final int LARGEST = 8 << 20;

    private final Path path;

    private final ObjectNode document;

    private MetadataFile(Path path, ObjectNode document) {
        this.path = path;
        this.document = document;
    }

    public static MetadataFile read(Path path) throws ModelLoadException {
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
            throw new ModelLoadException("metadata.json is not a JSON object");
        }
        catch (JacksonException ex) {
            throw new ModelLoadException(RegistryJson.problem("metadata.json", ex), ex);
        }
        catch (IOException ex) {
            throw new ModelLoadException("metadata.json can't be read", ex);
        }
    }

    public ModelMetadata describe(ModelId id) throws ModelLoadException {
        try {
            return new ModelMetadata(id, task(), DeclaredInputs.of(document), strings("classes"), outputs(),
                    new FeatureNames(strings("feature_names")),
                    text("timeframe").filter((timeframe) -> !timeframe.isBlank()).orElse(null));
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException("metadata.json: " + ex.getMessage(), ex);
        }
    }

    /**
     * {@return whether it says what requests must hold; an ensemble's need not}
     */
    public boolean declaresInputs() {
        return document.hasNonNull("input_shape") || document.hasNonNull("inputs");
    }

    /** Other words are those of tools, for which the field is a note. */
    private Task task() {
        return text("task").flatMap(Task::of).orElse(Task.DIRECTION);
    }

    public Optional<Stage> stage() {
        return text(STAGE).flatMap(Stage::of);
    }

    public Optional<String> text(String field) {
        return Optional.ofNullable(document.get(field)).filter(JsonNode::isString).map(JsonNode::asString);
    }

    /**
     * Reads the checksums of the version's files.
     * @return those that are given, which may be none
     * @throws ModelLoadException if {@code sha256} is there and can't be read
     */
    public Checksums checksums() throws ModelLoadException {
        return Checksums.of(document);
    }

    /**
     * {@return when the version was made; empty if that is not said, or not as ISO-8601
     * (UTC unless it says otherwise) or in seconds or milliseconds since 1970}
     */
    public Optional<Instant> createdAt() {
        return CreationTime.of(document.path("created_at"));
    }

    public Map<String, @Nullable Object> metrics() {
        return finite(document.path("metrics"));
    }

    /**
     * Reads what the model saw in training. What that is good for is no reason to refuse
     * a version.
     * @return those of {@code feature_names} in their order, else all in the order of the
     * file; a lacking one if {@code feature_stats} can't be used
     */
    public Baseline baseline() {
        try {
            return FeatureStats.read(document.path(FEATURE_STATS), strings("feature_names"));
        }
        catch (IllegalArgumentException ex) {
            return unusableBaseline(String.valueOf(ex.getMessage()));
        }
    }

    /**
     * {@return whether there are statistics of training, be they usable or not}
     */
    public boolean hasFeatureStats() {
        return document.hasNonNull(FEATURE_STATS);
    }

    /**
     * {@return a baseline that says why the statistics of training can't be used}
     */
    public static Baseline unusableBaseline(String reason) {
        return Baseline.lacking("%s in metadata.json can't be used: %s".formatted(FEATURE_STATS, reason));
    }

    /**
     * The same failure; where it may come from a shape that has the batch axis, it says
     * so.
     */
    public ModelLoadException explained(ModelLoadException failure) {
        String reason = String.valueOf(failure.getMessage());
        String doubt = reason.contains("shape") ? doubt() : "";
        return doubt.isEmpty() ? failure : new ModelLoadException(reason + doubt, failure);
    }

    private String doubt() {
        try {
            return DeclaredInputs.of(document)
                .stream()
                .map((input) -> DeclaredInputs.doubt(input.shape()))
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
     * {@return a text that changes when anything but the stage does}
     */
    public String contentWithoutStage() {
        String content = document.deepCopy().without(List.of(STAGE, UPDATED_AT)).toString();
        return content.length() + "#" + Integer.toHexString(content.hashCode());
    }

    /** Rewrites the stage; a field that the server does not know stays as it is. */
    public void writeStage(Stage stage, Instant now) throws IOException {
        document.put(STAGE, stage.metadataSpelling());
        document.put(UPDATED_AT, now.toString());
        new AtomicFile(path).write(RegistryJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    }

    private Map<OutputRole, OutputRef> outputs() {
        JsonNode declared = document.path("outputs");
        expectMapping(declared);
        Map<OutputRole, OutputRef> outputs = new EnumMap<>(OutputRole.class);
        for (OutputRole role : OutputRole.values()) {
            JsonNode ref = declared.path(role.key());
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

    /**
     * A list of the known outputs in their usual order says what holds without it; any
     * other could be meant as positions or as names.
     */
    private static void expectMapping(JsonNode outputs) {
        List<String> roles = Arrays.stream(OutputRole.values()).map(OutputRole::key).toList();
        List<String> usual = Arrays.stream(OutputRole.values())
            .filter(OutputRole::hasDefaultPosition)
            .map(OutputRole::key)
            .toList();
        if (outputs.isArray()) {
            List<String> names = outputs.valueStream()
                .map((item) -> (item.isObject() ? item.path("name") : item).asString(""))
                .toList();
            if (names.size() > usual.size() || !names.equals(usual.subList(0, names.size()))) {
                throw new IllegalArgumentException(
                        ("outputs must be an object that says by position or name where each output is found, e.g. "
                                + "{\"%s\": 0}, not the list %s")
                            .formatted(roles.getFirst(), names));
            }
        }
        else if (!outputs.isMissingNode() && !outputs.isNull() && !outputs.isObject()) {
            throw new IllegalArgumentException(
                    "outputs must be an object, e.g. {\"%s\": 0}, not %s".formatted(roles.getFirst(), outputs));
        }
        else if (outputs.isObject() && !outputs.isEmpty() && roles.stream().noneMatch(outputs::has)) {
            throw new IllegalArgumentException("outputs names none of %s, but %s".formatted(String.join(", ", roles),
                    String.join(", ", outputs.propertyNames())));
        }
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
            double number = RegistryJson.number(value);
            return Double.isFinite(number) ? number : null;
        }
        return value.isNull() ? null : RegistryJson.MAPPER.treeToValue(value, Object.class);
    }

}
