package io.modelserver.registry.store;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.modelserver.engine.Engine;
import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelSignature;
import io.modelserver.registry.metadata.BoundedFile;
import io.modelserver.registry.metadata.Checksums;
import io.modelserver.registry.metadata.EnsembleFile;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.metadata.MlflowModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the model files of a version are: under their engines' own names or, where there
 * is none, where the {@code MLmodel} of a folder that MLflow wrote says. Looked up each
 * time, since others write into the folder.
 */
final class ModelFiles {

    /** What the file with golden samples is called. */
    static final String SAMPLE = "sample.json";

    private static final Logger logger = LoggerFactory.getLogger(ModelFiles.class);

    /** Descriptions of models that other tools leave there. */
    private static final List<String> DESCRIPTIONS = List.of("config.pbtxt", "../config.pbtxt");

    private final Path folder;

    private final Path root;

    private final Engines engines;

    private final long largestBytes;

    ModelFiles(Path folder, Path root, Engines engines, long largestBytes) {
        this.folder = folder;
        this.root = root;
        this.engines = engines;
        this.largestBytes = largestBytes;
    }

    /**
     * {@return the engines whose files are there, in their precedence; at least one}
     * @throws ModelLoadException if there is none; the message says what is there instead
     */
    List<Engine> there() throws ModelLoadException {
        List<Engine> own = own();
        if (!own.isEmpty()) {
            return own;
        }
        Optional<MlflowModel> mlflow = mlflow();
        List<Engine> there = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        if (mlflow.isPresent()) {
            for (Engine engine : engines.inPrecedence()) {
                Optional<String> file = mlflow.get().file(engine.framework());
                if (file.isPresent() && exists(file.get())) {
                    there.add(engine);
                }
                else {
                    file.ifPresent(missing::add);
                }
            }
        }
        if (there.isEmpty()) {
            throw nothing(mlflow, missing);
        }
        return there;
    }

    private ModelLoadException nothing(Optional<MlflowModel> mlflow, List<String> missing) {
        List<String> names = engines.fileNames();
        List<String> reasons = new ArrayList<>();
        mlflow.ifPresent((model) -> reasons.add(missing.isEmpty()
                ? "MLmodel is an MLflow model of %s, and this server runs onnx and pytorch"
                    .formatted(model.flavours().isEmpty() ? "no known flavour" : String.join(", ", model.flavours()))
                : "MLmodel says that the model is in %s, which is missing".formatted(String.join(", ", missing))));
        Optional.of(ForeignFiles.describe(folder, engines)).filter((text) -> !text.isEmpty()).ifPresent(reasons::add);
        return new ModelLoadException(names.getFirst() + " is missing"
                + ((names.size() == 1) ? ""
                        : ", and there is no %s either".formatted(String.join(" or ", names.subList(1, names.size()))))
                + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)));
    }

    private List<Engine> own() {
        return engines.inPrecedence().stream().filter((engine) -> exists(engine.fileName())).toList();
    }

    private boolean exists(String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Reads what MLflow says of the version.
     * @return it, empty if MLflow did not write the folder
     * @throws ModelLoadException if it is there and can't be read
     */
    Optional<MlflowModel> mlflow() throws ModelLoadException {
        if (!exists(MlflowModel.FILE)) {
            return Optional.empty();
        }
        return Optional.of(MlflowModel.read(
                new BoundedFile(folder.resolve(MlflowModel.FILE), MlflowModel.FILE, root, MlflowModel.LARGEST).checked()
                    .bytes()));
    }

    /**
     * Expects that something else says what {@code metadata.json} would, which is not
     * there.
     * @throws ModelLoadException if nothing does
     */
    void expectDescription() throws ModelLoadException {
        if (exists(EnsembleFile.NAME)) {
            throw new ModelLoadException("metadata.json is missing: for an ensemble, {} suffices");
        }
        there();
        if (mlflow().isEmpty()) {
            String others = String.join(", ",
                    DESCRIPTIONS.stream().filter((name) -> Files.exists(folder.resolve(name))).toList());
            throw new ModelLoadException("metadata.json is missing; it must give at least \"input_shape\""
                    + (others.isEmpty() ? "" : " (%s is not read)".formatted(others)));
        }
    }

    /**
     * {@return the path of an engine's file within the folder; its own name if nothing
     * else is known}
     */
    String name(Engine engine) {
        return elsewhere(engine).orElse(engine.fileName());
    }

    private Optional<String> elsewhere(Engine engine) {
        try {
            Optional<MlflowModel> mlflow = own().isEmpty() ? mlflow() : Optional.empty();
            return mlflow.isPresent() ? mlflow.get().file(engine.framework()) : Optional.empty();
        }
        catch (ModelLoadException ex) {
            // Whoever asks what is there is told.
            return Optional.empty();
        }
    }

    Path path(Engine engine) {
        return folder.resolve(name(engine));
    }

    BoundedFile file(Engine engine) {
        String name = name(engine);
        return new BoundedFile(folder.resolve(name), name, root, largestBytes);
    }

    /** Throws if a file is not the one whose checksum the metadata gives. */
    void compare(ModelId id, Checksums checksums, Engine engine, String actual) throws ModelLoadException {
        List<Engine> there = there();
        checksums.expectToFit(there);
        Optional<String> expected = checksums.of(engine, there);
        if (expected.isPresent()) {
            Checksums.expectEqual(name(engine), expected.get(), actual);
        }
        else if (checksums.areGiven()) {
            logger.warn("{}: metadata.json gives the sha256 of another file, but not of {}, which is not checked", id,
                    name(engine));
        }
        Optional<String> digest = checksums.of(SAMPLE);
        if (digest.isPresent()) {
            BoundedFile sample = new BoundedFile(folder.resolve(SAMPLE), SAMPLE, root, largestBytes);
            if (!Files.isRegularFile(folder.resolve(SAMPLE))) {
                throw new ModelLoadException("metadata.json gives the sha256 of sample.json, which is missing");
            }
            Checksums.expectEqual(SAMPLE, digest.get(), new ModelArtifact(id, sample.bytes()).sha256());
        }
    }

    /**
     * {@return the same metadata, with what a model file itself says of its inputs where
     * the metadata does not; of several files, the first decides about datatypes}
     */
    MetadataFile completed(MetadataFile metadata) {
        try {
            List<Engine> there = there();
            for (Engine engine : metadata.declaresShapes() ? there.subList(0, 1) : there) {
                List<ModelSignature.Input> inputs = engine.inputs(file(engine).checked().bytes());
                if (!inputs.isEmpty()) {
                    return metadata.completedBy(inputs);
                }
            }
        }
        catch (ModelLoadException ex) {
            logger.debug("its loading tells what is wrong with the file", ex);
        }
        return metadata;
    }

    /**
     * {@return the names of all files that may be a model or say where it is, there or
     * not}
     */
    List<String> names() {
        List<String> names = new ArrayList<>(engines.fileNames());
        if (exists(MlflowModel.FILE)) {
            engines.inPrecedence().stream().map(this::name).filter((name) -> !names.contains(name)).forEach(names::add);
            names.add(MlflowModel.FILE);
        }
        if (exists(EnsembleFile.NAME)) {
            names.add(EnsembleFile.NAME);
        }
        return names;
    }

}
