package io.modelserver.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.modelserver.inference.ModelArtifact;
import io.modelserver.inference.ModelFormat;
import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelMetadata;
import org.jspecify.annotations.Nullable;

/** The files of one version, each checked before it is used. */
final class VersionFolder {

    private static final String METADATA = "metadata.json";

    private static final List<String> FILES = List.of("model.pt", "model.onnx", METADATA, "sample.json");

    private final ModelId id;

    private final Path folder;

    private final Path root;

    private final long largestModelBytes;

    private final @Nullable Map<ModelFormat, String> expected;

    VersionFolder(ModelId id, Path folder, Path root, long largestModelBytes) {
        this(id, folder, root, largestModelBytes, null);
    }

    private VersionFolder(ModelId id, Path folder, Path root, long largestModelBytes,
            @Nullable Map<ModelFormat, String> expected) {
        this.id = id;
        this.folder = folder;
        this.root = root;
        this.largestModelBytes = largestModelBytes;
        this.expected = expected;
    }

    /**
     * {@return the same folder, of which only files with these checksums may be loaded}
     */
    VersionFolder expecting(Map<ModelFormat, String> digests) {
        return new VersionFolder(id, folder, root, largestModelBytes, digests);
    }

    ModelId id() {
        return id;
    }

    MetadataFile metadata() throws ModelLoadException {
        return MetadataFile.read(folder.resolve(METADATA));
    }

    List<GoldenSample> goldenSamples(ModelMetadata metadata) throws ModelLoadException {
        return GoldenSample.read(folder.resolve("sample.json"), metadata);
    }

    /**
     * {@return the kinds of model files that are there; at least one}
     */
    List<ModelFormat> formats() throws ModelLoadException {
        List<ModelFormat> formats = Arrays.stream(ModelFormat.values())
            .filter((format) -> Files.exists(folder.resolve(format.fileName()), LinkOption.NOFOLLOW_LINKS))
            .toList();
        if (formats.isEmpty()) {
            throw new ModelLoadException("model.pt is missing, and there is no model.onnx either");
        }
        return formats;
    }

    /**
     * Reads a model file once: the bytes that are hashed are the bytes that will be
     * loaded.
     */
    ModelArtifact artifact(MetadataFile metadata, ModelFormat format) throws ModelLoadException {
        String name = format.fileName();
        ModelArtifact artifact = new ModelArtifact(id, format, read(modelFile(name), name));
        Optional<String> expected = metadata.sha256(name);
        String actual = artifact.sha256();
        if (expected.isPresent() && !expected.get().equals(actual)) {
            throw new ModelLoadException("the sha256 of %s is %s, metadata.json says %s: copy the file again"
                .formatted(name, actual, expected.get()));
        }
        if (this.expected != null && !actual.equals(this.expected.get(format))) {
            throw new ModelLoadException(name + " is not the file that was tried: it has changed since, try again");
        }
        if (format == ModelFormat.TORCHSCRIPT) {
            TorchScriptArchive.check(artifact.bytes(), name);
        }
        return artifact;
    }

    /**
     * {@return a text that changes when a file of the version does}
     */
    String fingerprint() {
        return fingerprint(FILES);
    }

    /**
     * {@return the same without {@code metadata.json}, which the server rewrites itself}
     */
    String payloadFingerprint() {
        return fingerprint(FILES.stream().filter((name) -> !name.equals(METADATA)).toList())
                + (Files.exists(folder.resolve(METADATA)) ? "" : " no metadata");
    }

    private String fingerprint(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            Path file = folder.resolve(name);
            try {
                text.append(Files.size(file)).append('@').append(Files.getLastModifiedTime(file).toMillis());
                text.append(Files.isReadable(file) ? "" : "!");
            }
            catch (IOException ex) {
                text.append('-');
            }
            text.append(' ');
        }
        return text.toString().strip();
    }

    /**
     * {@return when the last of its files was changed, in milliseconds since the epoch}
     */
    long lastChangeMillis() {
        return FILES.stream().mapToLong(this::lastChangeMillis).max().orElse(0);
    }

    private long lastChangeMillis(String name) {
        try {
            return Files.getLastModifiedTime(folder.resolve(name)).toMillis();
        }
        catch (IOException ex) {
            return 0;
        }
    }

    /**
     * {@return what the registry shows of this version without loading it}
     */
    VersionStatus status(Stage stage, VersionState state, Optional<EngineChoice> engine, @Nullable String rejection) {
        String name = engine.map(EngineChoice::engine).orElse(null);
        String why = engine.map(EngineChoice::reason).orElse(null);
        Optional<ModelFormat> format = shown(engine);
        Double size = format.map(this::sizeMb).orElse(null);
        try {
            MetadataFile metadata = metadata();
            String error = (rejection != null) ? rejection : problem(metadata);
            String sha256 = format.flatMap((file) -> metadata.sha256(file.fileName())).orElse(null);
            return new VersionStatus(id.name(), id.version(), stage, state, metadata.text("model_type").orElse(null),
                    metadata.text("framework").orElse("pytorch"), metadata.metrics(), size, name != null, name,
                    shape(metadata), metadata.text("created_at").orElse(null), sha256, why, error);
        }
        catch (ModelLoadException ex) {
            return new VersionStatus(id.name(), id.version(), stage, state, null, null, Map.of(), size, name != null,
                    name, List.of(), null, null, why, ex.getMessage());
        }
    }

    /** The file that runs, else the one that would be looked at first. */
    private Optional<ModelFormat> shown(Optional<EngineChoice> engine) {
        try {
            return Optional.of(engine.isPresent() ? engine.get().format() : formats().getFirst());
        }
        catch (ModelLoadException ex) {
            return Optional.empty();
        }
    }

    void writeStage(Stage stage, Instant now) throws IOException, ModelLoadException {
        metadata().writeStage(stage, now);
    }

    private List<Integer> shape(MetadataFile metadata) {
        try {
            return metadata.describe(id).features().shape();
        }
        catch (ModelLoadException ex) {
            return List.of();
        }
    }

    private @Nullable String problem(MetadataFile metadata) {
        try {
            metadata.describe(id);
            // A second file that can't be used is no error: the version is served without
            // it.
            modelFile(formats().getFirst().fileName());
            return null;
        }
        catch (ModelLoadException ex) {
            return ex.getMessage();
        }
    }

    private @Nullable Double sizeMb(ModelFormat format) {
        Path file = folder.resolve(format.fileName());
        try {
            return Files.isRegularFile(file) ? Math.round(Files.size(file) / 1e4) / 100.0 : null;
        }
        catch (IOException ex) {
            return null;
        }
    }

    private Path modelFile(String name) throws ModelLoadException {
        Path file = folder.resolve(name);
        try {
            if (!Files.exists(file)) {
                throw new ModelLoadException(name + " is missing");
            }
            Path real = file.toRealPath();
            if (!real.startsWith(root.toRealPath())) {
                throw new ModelLoadException(name + " is a link out of the registry: copy the file itself");
            }
            if (!Files.isRegularFile(real)) {
                throw new ModelLoadException(name + " is no regular file");
            }
            long size = Files.size(real);
            if (size == 0 || size > largestModelBytes) {
                throw new ModelLoadException(
                        "%s has %d bytes, expected 1 to %d".formatted(name, size, largestModelBytes));
            }
            return real;
        }
        catch (IOException ex) {
            throw new ModelLoadException(name + " can't be read", ex);
        }
    }

    private byte[] read(Path file, String name) throws ModelLoadException {
        int limit = (int) Math.min(largestModelBytes, Integer.MAX_VALUE - 16);
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit);
            if (in.read() >= 0) {
                throw new ModelLoadException(name + " grew while it was read");
            }
            return bytes;
        }
        catch (IOException ex) {
            throw new ModelLoadException(name + " can't be read", ex);
        }
    }

}
