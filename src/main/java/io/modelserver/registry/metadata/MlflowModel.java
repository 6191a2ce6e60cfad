package io.modelserver.registry.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.modelserver.engine.ModelLoadException;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the file {@code MLmodel} in a folder of MLflow says: which file holds the model,
 * and what it takes. The file is YAML, of which only plain values are read, never objects
 * of a program.
 *
 * @see <a href="https://mlflow.org/docs/latest/ml/model/">the storage format</a>
 */
public final class MlflowModel {

    /** What the file is called. */
    public static final String FILE = "MLmodel";

    /** The most bytes that such a file may have. */
    public static final long LARGEST = 1 << 20;

    private static final int MOST_ALIASES = 16;

    /** What a path of plain names has not among them. */
    private static final List<String> UNPLAIN = List.of("", ".", "..");

    /** By flavour, where its path stands and what MLflow puts below it. */
    private static final Map<String, Place> PLACES = Map.of("onnx", new Place("data", ""), "pytorch",
            new Place("model_data", "/model.pth"));

    private final Map<?, ?> document;

    private MlflowModel(Map<?, ?> document) {
        this.document = document;
    }

    /**
     * Reads the file.
     * @param bytes all of it
     * @return what it says
     * @throws ModelLoadException if it is not YAML, or not an object
     */
    public static MlflowModel read(byte[] bytes) throws ModelLoadException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(RegistryJson.DEEPEST);
        options.setCodePointLimit((int) LARGEST);
        try {
            Object document = new Yaml(new SafeConstructor(options)).load(new String(bytes, StandardCharsets.UTF_8));
            if (document instanceof Map<?, ?> map) {
                return new MlflowModel(map);
            }
            throw new ModelLoadException("MLmodel is not an object with the key 'flavors'");
        }
        catch (MarkedYAMLException ex) {
            throw new ModelLoadException(
                    "MLmodel is not valid YAML: %s%s".formatted(ex.getProblem(),
                            (ex.getProblemMark() == null) ? "" : " (line %d, column %d)"
                                .formatted(ex.getProblemMark().getLine() + 1, ex.getProblemMark().getColumn() + 1)),
                    ex);
        }
        catch (YAMLException ex) {
            throw new ModelLoadException("MLmodel is not valid YAML: "
                    + String.valueOf(ex.getMessage()).lines().findFirst().orElse("it can't be read"), ex);
        }
    }

    /**
     * {@return the names of its flavours, such as {@code onnx} or {@code sklearn}, in
     * their order; not the one that wraps all others}
     */
    public List<String> flavours() {
        return object(document, "flavors").keySet()
            .stream()
            .map(String::valueOf)
            .filter((name) -> !name.equals("python_function"))
            .sorted()
            .toList();
    }

    /**
     * Finds the file of a flavour.
     * @param flavour its name
     * @return the path within the folder, empty if there is no such flavour or nothing is
     * known of its files
     * @throws ModelLoadException if the path leads out of the folder
     */
    public Optional<String> file(String flavour) throws ModelLoadException {
        Place place = PLACES.get(flavour);
        if (place == null || !(object(document, "flavors").get(flavour) instanceof Map<?, ?> properties)) {
            return Optional.empty();
        }
        if (!(properties.get(place.key()) instanceof String path) || path.isBlank()) {
            throw new ModelLoadException(
                    "MLmodel: flavors.%s.%s must say where the model is".formatted(flavour, place.key()));
        }
        boolean staysInside = !path.startsWith("/") && path.indexOf('\\') < 0 && path.indexOf('\0') < 0
                && path.indexOf(':') < 0 && Arrays.stream(path.split("/", -1)).noneMatch(UNPLAIN::contains);
        if (!staysInside) {
            throw new ModelLoadException(
                    "MLmodel: flavors.%s.%s must be a path below the version's folder, such as data, not %s"
                        .formatted(flavour, place.key(), RegistryJson.MAPPER.writeValueAsString(path)));
        }
        return Optional.of(path + place.below());
    }

    /**
     * {@return what it says in the words of {@code metadata.json}}
     * @param own what that file says itself, which wins
     * @throws ModelLoadException if its signature does not describe inputs that can be
     * served
     */
    ObjectNode metadata(ObjectNode own) throws ModelLoadException {
        ObjectNode metadata = RegistryJson.MAPPER.createObjectNode();
        switch (document.get("utc_time_created")) {
            case String time -> metadata.put("created_at", time);
            // Without quotes, YAML has times of its own, in UTC unless they say
            // otherwise.
            case Date time -> metadata.put("created_at", time.toInstant().toString());
            case null, default -> {
            }
        }
        if (!(object(document, "signature").get("inputs") instanceof String inputs)) {
            throw new ModelLoadException(
                    "MLmodel has no signature, so that the shape of the input is not known: log the "
                            + "model with signature=mlflow.models.infer_signature(X, y), or add metadata.json with "
                            + "\"input_shape\"");
        }
        MlflowSignature.describe(inputs, metadata);
        for (Map.Entry<String, JsonNode> field : own.properties()) {
            boolean saysNothing = field.getValue().isNull()
                    || (field.getValue().isArray() && field.getValue().isEmpty());
            if (!saysNothing) {
                metadata.set(field.getKey(), field.getValue());
            }
        }
        return metadata;
    }

    private static Map<?, ?> object(Map<?, ?> parent, String key) {
        @Nullable Object value = parent.get(key);
        return (value instanceof Map<?, ?> map) ? map : Map.of();
    }

    /**
     * Where a flavour keeps its model.
     *
     * @param key of its properties that has the path
     * @param below what is added to that path
     */
    private record Place(String key, String below) {
    }

}
