package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.metadata.BoundedFile;
import io.modelserver.registry.metadata.EnsembleFile;
import io.modelserver.registry.metadata.GoldenSample;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.metadata.MlflowModel;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;

/** The files of one version, each checked before it is used. */
public final class VersionFolder {

    private static final String METADATA = "metadata.json";

    private static final String SAMPLE = ModelFiles.SAMPLE;

    private final ModelId id;

    private final Path folder;

    private final Path root;

    private final long largestModelBytes;

    private final Engines engines;

    private final ModelFiles models;

    private final ReaderFailures failures;

    private final Fingerprint.Memory<VersionStatus> listed;

    private final @Nullable Map<String, String> expected;

    private final Map<Engine, LoadedFile> read = new ConcurrentHashMap<>();

    VersionFolder(ModelId id, Path folder, Path root, long largestModelBytes, Engines engines, ReaderFailures failures,
            Fingerprint.Memory<VersionStatus> listed, @Nullable Map<String, String> expected) {
        this.id = id;
        this.folder = folder;
        this.root = root;
        this.largestModelBytes = largestModelBytes;
        this.engines = engines;
        this.models = new ModelFiles(folder, root, engines, largestModelBytes);
        this.failures = failures;
        this.listed = listed;
        this.expected = expected;
    }

    /**
     * {@return the same folder, of which only files with these checksums may be loaded}
     * @param digests by the name of the file
     */
    public VersionFolder expecting(Map<String, String> digests) {
        return new VersionFolder(id, folder, root, largestModelBytes, engines, failures, listed, digests);
    }

    /**
     * {@return the version}
     */
    public ModelId id() {
        return id;
    }

    /**
     * {@return what metadata.json says, as it is on disk now, and where it declares no
     * inputs, what an MLmodel or the model file says}
     * @throws ModelLoadException if it is missing or can't be read
     */
    public MetadataFile metadata() throws ModelLoadException {
        boolean isThere = Files.exists(folder.resolve(METADATA), LinkOption.NOFOLLOW_LINKS);
        MetadataFile file = isThere ? MetadataFile.read(followed(METADATA))
                : MetadataFile.missing(folder.resolve(METADATA));
        if (file.declaresShapes() || (isThere && ensemble().isThere())) {
            return file;
        }
        if (!isThere) {
            models.expectDescription();
        }
        Optional<MlflowModel> mlflow = models.mlflow();
        MetadataFile described = mlflow.isPresent() ? file.completedBy(mlflow.get()) : file;
        return described.declaresShapes() ? described : completed(described);
    }

    /**
     * {@return the same metadata, with what the model file itself says of its inputs
     * where the metadata does not}
     * @param metadata of this version
     */
    public MetadataFile completed(MetadataFile metadata) {
        return models.completed(metadata);
    }

    /**
     * {@return the rows of sample.json, as they are on disk now}
     * @param metadata of this version, which gives the inputs and their shapes
     * @throws ModelLoadException if the file is there and can't be used
     */
    public List<GoldenSample> goldenSamples(ModelMetadata metadata) throws ModelLoadException {
        return GoldenSample.read(followed(SAMPLE), metadata);
    }

    /**
     * {@return what makes the version an ensemble, where that is there}
     */
    public EnsembleSource ensemble() {
        return new EnsembleSource(file(EnsembleFile.NAME));
    }

    /**
     * {@return the engines whose files are there, in their precedence; at least one}
     * @throws ModelLoadException if there is no model file
     */
    public List<Engine> engines() throws ModelLoadException {
        return models.there();
    }

    /**
     * {@return the preferred engine, empty if there is none or its file is not there}
     * @throws ModelLoadException if there is no model file
     */
    public Optional<Engine> preferredEngine() throws ModelLoadException {
        return engines.preferred().filter(engines()::contains);
    }

    /**
     * {@return a model file, read once: what is hashed is what will be loaded}
     * @param metadata of this version, which gives the checksums
     * @param engine what runs the file
     * @throws ModelLoadException if it is unreadable, too large, foreign or has changed
     */
    public ModelArtifact artifact(MetadataFile metadata, Engine engine) throws ModelLoadException {
        BoundedFile file = models.file(engine);
        String name = file.name();
        String identity = FileIdentity.of(file.path());
        ModelArtifact artifact = new ModelArtifact(id, name, file.checked().bytes());
        String actual = artifact.sha256();
        MistakenFile.check(artifact, engine, engines);
        models.compare(id, metadata.checksums(), engine, actual);
        if (this.expected != null && !actual.equals(this.expected.get(engine.fileName()))) {
            throw new ModelLoadException(name + " is not the file that was tried: it has changed since, try again");
        }
        engine.check(artifact);
        read.put(engine, new LoadedFile(file.path(), identity, actual));
        return artifact;
    }

    /**
     * {@return how a model file was when {@link #artifact} read it}
     * @param engine one whose file was read
     */
    public LoadedFile fileRead(Engine engine) {
        return Objects.requireNonNull(read.get(engine));
    }

    /**
     * {@return by the name that its engine gives it, the SHA-256 of each model file that
     * {@link #artifact} read}
     */
    public Map<String, String> digestsRead() {
        return read.entrySet()
            .stream()
            .collect(Collectors.toMap((file) -> file.getKey().fileName(), (file) -> file.getValue().sha256()));
    }

    Fingerprint prints() {
        return new Fingerprint(folder, Stream.concat(models.names().stream(), Stream.of(METADATA, SAMPLE)).toList());
    }

    /**
     * {@return a text that changes when a file of the version does, or is replaced}
     */
    public String fingerprint() {
        return prints().all();
    }

    /**
     * {@return a text that changes when the version does, and is the same after a restart
     * elsewhere, and after the server itself wrote another stage into its metadata}
     */
    public String lastingFingerprint() {
        return prints().lasting(this::metadataWithoutStage);
    }

    private String metadataWithoutStage(Path file) {
        if (!file.endsWith(METADATA)) {
            return FileIdentity.sizeAndTime(file);
        }
        try {
            return metadata().contentWithoutStage();
        }
        catch (ModelLoadException ex) {
            return FileIdentity.sizeAndTime(file);
        }
    }

    /**
     * {@return the same without {@code metadata.json}, which the server rewrites itself}
     */
    public String payloadFingerprint() {
        return prints().without(METADATA);
    }

    /** When the last of its files was changed, in milliseconds since the epoch. */
    long lastChangeMillis() {
        return prints().lastChangeMillis();
    }

    /**
     * {@return what the registry shows of this version without loading it}
     * @param stage where it stands in its life
     * @param state where its last loading stands
     * @param engine what runs it, empty if it is not loaded
     * @param rejection why it was refused, null if it was not
     */
    public VersionStatus status(Stage stage, VersionState state, Optional<VersionStatus.RunBy> engine,
            @Nullable String rejection) {
        return listed
            .of(id, prints(), Arrays.asList(stage, state, engine, rejection),
                    () -> new VersionListing(this, failures).status(stage, state, engine, rejection),
                    (status) -> status.error() == null)
            .withMaxBatchSize(engine.map(VersionStatus.RunBy::maxBatchSize).orElse(null));
    }

    /**
     * Writes the stage, and when it was changed, into metadata.json.
     * @param stage the new one
     * @param now when it was changed
     * @throws IOException if the file can't be replaced; it is as before then
     * @throws ModelLoadException if it is missing or can't be read
     */
    public void writeStage(Stage stage, Instant now) throws IOException, ModelLoadException {
        metadata().writeStage(stage, now);
    }

    /** The size of a model file in bytes, empty if it is not there. */
    OptionalLong size(Engine engine) {
        Path file = models.path(engine);
        try {
            return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
        }
        catch (IOException ex) {
            return OptionalLong.empty();
        }
    }

    /** Throws if a model file can't be loaded, without reading it. */
    void expectLoadable(Engine engine) throws ModelLoadException {
        models.file(engine).checked();
    }

    /** Throws if a file is there, but is a link out of the registry. */
    private Path followed(String name) throws ModelLoadException {
        Path file = folder.resolve(name);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            file(name).realPath();
        }
        return file;
    }

    private BoundedFile file(String name) {
        return new BoundedFile(folder.resolve(name), name, root, largestModelBytes);
    }

}
