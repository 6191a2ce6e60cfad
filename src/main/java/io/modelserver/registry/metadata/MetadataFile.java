package io.modelserver.registry.metadata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.modelserver.drift.Baseline;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelSignature;
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

    /** What stands in the file itself, empty where there is none. */
    private final ObjectNode own;

    private final ObjectNode document;

    private MetadataFile(Path path, ObjectNode own, ObjectNode document) {
        this.path = path;
        this.own = own;
        this.document = document;
    }

    /**
     * {@return a file that is not there, and so says nothing}
     * @param path where it would be
     */
    public static MetadataFile missing(Path path) {
        ObjectNode empty = RegistryJson.MAPPER.createObjectNode();
        return new MetadataFile(path, empty, empty);
    }

    /**
     * Reads a file.
     * @param path of {@code metadata.json}
     * @return what it says
     * @throws ModelLoadException if it is missing, can't be read or is not a JSON object
     */
    public static MetadataFile read(Path path) throws ModelLoadException {
        if (!Files.isRegularFile(path)) {
            throw new ModelLoadException("metadata.json is missing; it must give at least \"input_shape\"");
        }
        try {
            if (Files.size(path) > LARGEST) {
                throw new ModelLoadException("metadata.json is larger than %d bytes".formatted(LARGEST));
            }
            if (RegistryJson.MAPPER.readTree(Files.readAllBytes(path)) instanceof ObjectNode document) {
                return new MetadataFile(path, document, document);
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

    /**
     * {@return whether it says what the model takes}
     */
    public boolean declaresInputs() {
        return DeclaredInputs.areIn(document);
    }

    /**
     * {@return whether it says of which shape each input is}
     */
    public boolean declaresShapes() {
        return DeclaredInputs.areComplete(document);
    }

    /**
     * {@return the same file, which also says what the model file does where it says
     * nothing itself; that is never written into it}
     * @param inputs of the model file
     */
    public MetadataFile completedBy(List<ModelSignature.Input> inputs) {
        return inputs.isEmpty() ? this : new MetadataFile(path, own, DeclaredInputs.completed(document, inputs));
    }

    /**
     * {@return the same file, which also says what an {@code MLmodel} does where it says
     * nothing itself; that is never written into it}
     * @param model what MLflow wrote next to it
     * @throws ModelLoadException if its signature can't be served
     */
    public MetadataFile completedBy(MlflowModel model) throws ModelLoadException {
        return new MetadataFile(path, own, model.metadata(own));
    }

    /**
     * Interprets what is needed to serve the version.
     * @param id the version
     * @return its metadata
     * @throws ModelLoadException if a field is missing, or contradicts another
     */
    public ModelMetadata describe(ModelId id) throws ModelLoadException {
        try {
            DeclaredAnswers answers = DeclaredAnswers.of(document);
            return new ModelMetadata(id, answers.task(), DeclaredInputs.of(document), answers.classes(),
                    answers.outputs(), new FeatureNames(RegistryJson.strings(document, "feature_names")),
                    text("timeframe").filter((timeframe) -> !timeframe.isBlank()).orElse(null), answers.rules(),
                    DeclaredPreparation.of(document));
        }
        catch (IllegalArgumentException ex) {
            throw new ModelLoadException(
                    "%s: %s".formatted(own.isEmpty() ? MlflowModel.FILE : "metadata.json", ex.getMessage()), ex);
        }
    }

    /**
     * {@return the stage that is written in the file, empty if there is none}
     */
    public Optional<Stage> stage() {
        return text(STAGE).flatMap(Stage::of);
    }

    /**
     * {@return the text of a field, empty if it is missing or not a text}
     * @param field of the top level
     */
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

    /**
     * {@return {@code metrics} of the file, which are only shown; empty if there are
     * none}
     */
    public Map<String, @Nullable Object> metrics() {
        return RegistryJson.finite(document.path("metrics"));
    }

    /**
     * Reads what the model saw in training. What that is good for is no reason to refuse
     * a version.
     * @return those of {@code feature_names} in their order, else all in the order of the
     * file; a lacking one if {@code feature_stats} can't be used
     */
    public Baseline baseline() {
        try {
            return FeatureStats.read(document.path(FEATURE_STATS), RegistryJson.strings(document, "feature_names"));
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
     * @param reason for people
     */
    public static Baseline unusableBaseline(String reason) {
        return Baseline.lacking("%s in metadata.json can't be used: %s".formatted(FEATURE_STATS, reason));
    }

    /**
     * The same failure; where it may come from a shape that has the batch axis, it says
     * so.
     * @param failure why the version was refused
     * @return that or one with a longer message
     */
    public ModelLoadException explained(ModelLoadException failure) {
        String reason = String.valueOf(failure.getMessage());
        String doubt = reason.contains("shape") ? DeclaredInputs.doubt(document) : "";
        return doubt.isEmpty() ? failure : new ModelLoadException(reason + doubt, failure);
    }

    /**
     * {@return a text that changes when anything but the stage does}
     */
    public String contentWithoutStage() {
        String content = document.deepCopy().without(List.of(STAGE, UPDATED_AT)).toString();
        return content.length() + "#" + Integer.toHexString(content.hashCode());
    }

    /**
     * Rewrites the stage; a field that the server does not know stays as it is. A file
     * that is not there stays so.
     * @param stage the new one
     * @param now when it was changed
     * @throws IOException if the file can't be replaced; it is as before then
     */
    public void writeStage(Stage stage, Instant now) throws IOException {
        if (own.isEmpty()) {
            return;
        }
        own.put(STAGE, stage.metadataSpelling());
        own.put(UPDATED_AT, now.toString());
        new AtomicFile(path).write(RegistryJson.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(own));
    }

}
