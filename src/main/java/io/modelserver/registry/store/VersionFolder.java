package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.metadata.Checksums;
import io.modelserver.registry.metadata.EnsembleFile;
import io.modelserver.registry.metadata.GoldenSample;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one version, each checked before it is used. */
public final class VersionFolder {

    private static final Logger logger = LoggerFactory.getLogger(VersionFolder.class);

    private static final String METADATA = "metadata.json";

    private static final String SAMPLE = "sample.json";

    /** Descriptions of models that other tools leave there. */
    private static final List<String> DESCRIPTIONS = List.of("MLmodel", "config.pbtxt", "../config.pbtxt");

    private final ModelId id;

    private final Path folder;

    private final Path root;

    private final long largestModelBytes;

    private final Engines engines;

    private final ReaderFailures failures;

    private final @Nullable Map<String, String> expected;

    private final Map<Engine, LoadedFile> read = new ConcurrentHashMap<>();

    VersionFolder(ModelId id, Path folder, Path root, long largestModelBytes, Engines engines, ReaderFailures failures,
            @Nullable Map<String, String> expected) {
        this.id = id;
        this.folder = folder;
        this.root = root;
        this.largestModelBytes = largestModelBytes;
        this.engines = engines;
        this.failures = failures;
        this.expected = expected;
    }

    /**
     * {@return the same folder, of which only files with these checksums may be loaded}
     * @param digests by the name of the file
     */
    public VersionFolder expecting(Map<String, String> digests) {
        return new VersionFolder(id, folder, root, largestModelBytes, engines, failures, digests);
    }

    public ModelId id() {
        return id;
    }

    /**
     * {@return what metadata.json says, as it is on disk now}
     */
    public MetadataFile metadata() throws ModelLoadException {
        if (!Files.exists(folder.resolve(METADATA), LinkOption.NOFOLLOW_LINKS)) {
            if (!ensemble().isThere()) {
                engines();
            }
            String others = String.join(", ",
                    DESCRIPTIONS.stream().filter((name) -> Files.exists(folder.resolve(name))).toList());
            throw new ModelLoadException("metadata.json is missing; it must give at least \"input_shape\""
                    + (others.isEmpty() ? "" : " (%s is not read)".formatted(others)));
        }
        return MetadataFile.read(folder.resolve(METADATA));
    }

    /**
     * {@return the rows of sample.json, as they are on disk now}
     */
    public List<GoldenSample> goldenSamples(ModelMetadata metadata) throws ModelLoadException {
        return GoldenSample.read(folder.resolve(SAMPLE), metadata);
    }

    /**
     * {@return what makes the version an ensemble, where that is there}
     */
    public EnsembleSource ensemble() {
        return new EnsembleSource(file(EnsembleFile.NAME));
    }

    /**
     * {@return the engines whose files are there, in their precedence; at least one}
     */
    public List<Engine> engines() throws ModelLoadException {
        List<Engine> there = engines.inPrecedence()
            .stream()
            .filter((engine) -> Files.exists(folder.resolve(engine.fileName()), LinkOption.NOFOLLOW_LINKS))
            .toList();
        if (there.isEmpty()) {
            List<String> names = engines.fileNames();
            String others = ForeignFiles.describe(folder, engines);
            throw new ModelLoadException(names.getFirst() + " is missing"
                    + ((names.size() == 1) ? ""
                            : ", and there is no %s either"
                                .formatted(String.join(" or ", names.subList(1, names.size()))))
                    + (others.isEmpty() ? "" : ": " + others));
        }
        return there;
    }

    /**
     * {@return the engine that the operator prefers, empty if there is none or its file
     * is not there}
     */
    public Optional<Engine> preferredEngine() throws ModelLoadException {
        return engines.preferred().filter(engines()::contains);
    }

    /**
     * Reads a model file once: the bytes that are hashed are the bytes that will be
     * loaded.
     */
    public ModelArtifact artifact(MetadataFile metadata, Engine engine) throws ModelLoadException {
        String name = engine.fileName();
        Path file = folder.resolve(name);
        String identity = FileIdentity.of(file);
        ModelArtifact artifact = new ModelArtifact(id, file(name).checked().bytes());
        String actual = artifact.sha256();
        MistakenFile.check(artifact.bytes(), engine, engines);
        compare(metadata.checksums(), engine, actual);
        if (this.expected != null && !actual.equals(this.expected.get(name))) {
            throw new ModelLoadException(name + " is not the file that was tried: it has changed since, try again");
        }
        engine.check(artifact);
        read.put(engine, new LoadedFile(file, identity, actual));
        return artifact;
    }

    private void compare(Checksums checksums, Engine engine, String actual) throws ModelLoadException {
        List<Engine> there = engines();
        checksums.expectToFit(there);
        Optional<String> expected = checksums.of(engine, there);
        if (expected.isPresent()) {
            compare(engine.fileName(), expected.get(), actual);
        }
        else if (checksums.areGiven()) {
            logger.warn("{}: metadata.json gives the sha256 of another file, but not of {}, which is not checked", id,
                    engine.fileName());
        }
        Optional<String> sample = checksums.of(SAMPLE);
        if (sample.isPresent()) {
            if (!Files.isRegularFile(folder.resolve(SAMPLE))) {
                throw new ModelLoadException("metadata.json gives the sha256 of sample.json, which is missing");
            }
            compare(SAMPLE, sample.get(), new ModelArtifact(id, file(SAMPLE).bytes()).sha256());
        }
    }

    private static void compare(String name, String expected, String actual) throws ModelLoadException {
        if (!expected.equals(actual)) {
            throw new ModelLoadException("the sha256 of %s is %s, metadata.json says %s: copy the file again"
                .formatted(name, actual, expected));
        }
    }

    /**
     * {@return how a model file was when {@link #artifact} read it}
     */
    public LoadedFile fileRead(Engine engine) {
        return Objects.requireNonNull(read.get(engine));
    }

    /**
     * {@return by name, the SHA-256 of each model file that {@link #artifact} read}
     */
    public Map<String, String> digestsRead() {
        return read.values().stream().collect(Collectors.toMap(LoadedFile::name, LoadedFile::sha256));
    }

    private List<String> files() {
        Stream<String> ofEnsemble = Stream.of(EnsembleFile.NAME).filter((name) -> ensemble().isThere());
        return Stream.concat(engines.fileNames().stream(), Stream.concat(Stream.of(METADATA, SAMPLE), ofEnsemble))
            .toList();
    }

    /**
     * {@return a text that changes when a file of the version does, or is replaced}
     */
    public String fingerprint() {
        return fingerprint(files(), FileIdentity::of);
    }

    /**
     * {@return a text that changes when the version does, and is the same after a restart
     * elsewhere, and after the server itself wrote another stage into its metadata}
     */
    public String lastingFingerprint() {
        return fingerprint(files(),
                (file) -> file.endsWith(METADATA) ? metadataWithoutStage(file) : FileIdentity.sizeAndTime(file));
    }

    private String metadataWithoutStage(Path file) {
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
        return fingerprint(files().stream().filter((name) -> !name.equals(METADATA)).toList(), FileIdentity::of)
                + (Files.exists(folder.resolve(METADATA)) ? "" : " no metadata");
    }

    private String fingerprint(List<String> names, Function<Path, String> of) {
        return names.stream().map(folder::resolve).map(of).collect(Collectors.joining(" "));
    }

    /**
     * {@return when the last of its files was changed, in milliseconds since the epoch}
     */
    long lastChangeMillis() {
        return files().stream().mapToLong(this::lastChangeMillis).max().orElse(0);
    }

    private long lastChangeMillis(String name) {
        try {
            return FileIdentity.lastChangeMillis(folder.resolve(name));
        }
        catch (IOException ex) {
            return 0;
        }
    }

    /**
     * {@return what the registry shows of this version without loading it}
     */
    public VersionStatus status(Stage stage, VersionState state, Optional<VersionStatus.RunBy> engine,
            @Nullable String rejection) {
        return new VersionListing(this, failures).status(stage, state, engine, rejection);
    }

    /** Writes the stage, and when it was changed, into metadata.json. */
    public void writeStage(Stage stage, Instant now) throws IOException, ModelLoadException {
        metadata().writeStage(stage, now);
    }

    /**
     * {@return the size of a model file in bytes, empty if it is not there}
     */
    OptionalLong size(Engine engine) {
        Path file = folder.resolve(engine.fileName());
        try {
            return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
        }
        catch (IOException ex) {
            return OptionalLong.empty();
        }
    }

    /**
     * Looks at a model file without reading it.
     * @throws ModelLoadException if it can't be loaded
     */
    void expectLoadable(Engine engine) throws ModelLoadException {
        file(engine.fileName()).checked();
    }

    private BoundedFile file(String name) {
        return new BoundedFile(folder.resolve(name), name, root, largestModelBytes);
    }

}
