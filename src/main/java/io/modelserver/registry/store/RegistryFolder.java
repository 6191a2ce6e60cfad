package io.modelserver.registry.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import io.modelserver.engine.Engines;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry folder, {@code <model>/<version>/}. What is on disk is what is answered:
 * files are read again when they have changed. Names that are not plain folder names, and
 * folders that lead out of the registry, do not exist.
 */
public final class RegistryFolder {

    private static final Logger logger = LoggerFactory.getLogger(RegistryFolder.class);

    private final Path root;

    private final long largestModelBytes;

    private final Engines engines;

    private final Predicate<VersionFolder> isComplete;

    /** Those that the log has already. */
    private final Set<String> misnamedModels = ConcurrentHashMap.newKeySet();

    private final ReaderFailures failures = new ReaderFailures();

    private final Fingerprint.Memory<VersionStatus> listed = new Fingerprint.Memory<>(System::currentTimeMillis);

    private final StageClaims claims = new StageClaims(this::version, failures);

    /**
     * Looks at a folder, which need not exist.
     * @param root the registry folder
     * @param largestModelBytes a model file over this size is refused
     * @param engines whose files make a version
     */
    public RegistryFolder(Path root, long largestModelBytes, Engines engines) {
        this(root, largestModelBytes, engines, (folder) -> true);
    }

    /**
     * Looks at a folder into which others copy, and skips incomplete versions.
     * @param root the registry folder
     * @param largestModelBytes a model file over this size is refused
     * @param engines whose files make a version
     * @param versions tells what is there in full
     */
    public RegistryFolder(Path root, long largestModelBytes, Engines engines, CompleteVersions versions) {
        this(root, largestModelBytes, engines, versions::isComplete);
    }

    private RegistryFolder(Path root, long largestModelBytes, Engines engines, Predicate<VersionFolder> isComplete) {
        this.root = root;
        this.largestModelBytes = largestModelBytes;
        this.engines = engines;
        this.isComplete = isComplete;
    }

    /**
     * {@return whether the registry folder can be read}
     */
    public boolean isReadable() {
        return Files.isDirectory(root) && Files.isReadable(root);
    }

    /**
     * {@return the names of all models, sorted}
     */
    public List<String> models() {
        List<String> folders = folders(root);
        for (String folder : folders) {
            if (!Names.isModel(folder) && !Names.isForTools(folder) && misnamedModels.add(folder)) {
                logger.warn("skipping {} in the registry folder: {}", Names.shown(folder),
                        Names.problem(folder, "a model"));
            }
        }
        return folders.stream().filter(Names::isModel).toList();
    }

    /**
     * {@return the versions of a model, sorted; empty if there is no such model}
     */
    List<String> versions(String model) {
        return hasModel(model) ? folders(root.resolve(model)).stream()
            .filter((version) -> version(new ModelId(model, version)).isPresent())
            .toList() : List.of();
    }

    /**
     * {@return folders of a model that are not versions because of their names, sorted;
     * not those that tools hide, nor links by a stage's name}
     * @param model the name of a model
     */
    public List<String> misnamed(String model) {
        return hasModel(model) ? folders(root.resolve(model)).stream()
            .filter((folder) -> !Names.isVersion(folder) && !Names.isForTools(folder))
            .filter((folder) -> !Files.isSymbolicLink(root.resolve(model).resolve(folder)))
            .toList() : List.of();
    }

    /**
     * A version settles from the time it is first seen.
     * @param model the name of a model
     */
    public void lookAtVersions(String model) {
        for (String version : folders(root.resolve(model))) {
            version(new ModelId(model, version));
        }
    }

    /**
     * {@return whether there is a folder of that model}
     * @param model the name of a model
     */
    public boolean hasModel(String model) {
        return Names.isModel(model) && isInside(root.resolve(model));
    }

    /**
     * {@return the folder of a version, empty if there is none that is complete}
     * @param id the version
     */
    public Optional<VersionFolder> version(ModelId id) {
        if (!hasModel(id.name()) || !Names.isVersion(id.version())) {
            return Optional.empty();
        }
        Path folder = root.resolve(id.name()).resolve(id.version());
        return isInside(folder)
                ? Optional.of(new VersionFolder(id, folder, root, largestModelBytes, engines, failures, listed, null))
                    .filter(isComplete)
                : Optional.empty();
    }

    /**
     * {@return whether the marker says that no version is in PRODUCTION}
     * @param model the name of a model
     */
    public boolean isEmptied(String model) {
        try {
            return markers(model).read(Stage.PRODUCTION).filter(String::isEmpty).isPresent();
        }
        catch (IOException ex) {
            return false;
        }
    }

    /**
     * {@return whether the marker of PRODUCTION may be one that is just being written}
     * @param model the name of a model
     */
    public boolean isUnfinished(String model) {
        try {
            return markers(model).isUnfinished(Stage.PRODUCTION, versions(model));
        }
        catch (IOException ex) {
            return false;
        }
    }

    /**
     * {@return the markers of the stages of a model}
     * @param model the name of a model
     */
    public StageMarkers markers(String model) {
        return new StageMarkers(root.resolve(model));
    }

    /**
     * {@return the changes of stages that a model has seen}
     * @param model the name of a model
     */
    public StageHistory history(String model) {
        return new StageHistory(root.resolve(model));
    }

    /**
     * Finds which version is in a stage: by marker, else by symlink, else the newest
     * whose metadata says so, by {@code created_at} and then by the version's numbers. A
     * version in PRODUCTION is in no other stage.
     * @param model an existing model
     * @param stage production or staging
     * @return the version, which need not exist if a marker names it; empty if there is
     * none
     */
    public Optional<String> inStage(String model, Stage stage) {
        return (stage == Stage.STAGING) ? marked(model).staging() : marked(model, stage);
    }

    /**
     * Reads the markers of a model, each of them once.
     * @param model an existing model
     * @return what is in the stages that have one, see {@link #inStage}
     */
    public MarkedVersions marked(String model) {
        return new MarkedVersions(marked(model, Stage.PRODUCTION), marked(model, Stage.STAGING));
    }

    private Optional<String> marked(String model, Stage stage) {
        try {
            Optional<String> marked = markers(model).read(stage);
            return marked.isPresent() ? marked.filter((version) -> !version.isEmpty())
                    : claims.of(model, versions(model), stage).stream().reduce((older, newer) -> newer);
        }
        catch (IOException ex) {
            logger.warn("the {} marker of {} can't be read: {}", stage, model, ex.toString());
            return Optional.empty();
        }
    }

    /**
     * {@return the versions whose metadata says that they are in PRODUCTION, the newest
     * last; empty where a marker or symlink decides}
     * @param model the name of a model
     */
    public List<String> claimants(String model) {
        try {
            return markers(model).read(Stage.PRODUCTION).isPresent() ? List.of()
                    : claims.of(model, versions(model), Stage.PRODUCTION);
        }
        catch (IOException ex) {
            return List.of();
        }
    }

    /**
     * {@return the stage of every version of a model, sorted by version}
     * @param model the name of a model
     */
    public Map<String, Stage> stages(String model) {
        MarkedVersions marked = marked(model);
        Map<String, Stage> stages = new LinkedHashMap<>();
        versions(model).forEach((version) -> stages.put(version, stage(new ModelId(model, version), marked)));
        return stages;
    }

    /**
     * {@return the stage of a version}
     * @param id the version
     * @param marked what is in its model's stages
     */
    public Stage stage(ModelId id, MarkedVersions marked) {
        return marked.isProduction(id.version()) ? Stage.PRODUCTION
                : marked.isStaging(id.version()) ? Stage.STAGING : claims.isArchived(id) ? Stage.ARCHIVED : Stage.NONE;
    }

    private boolean isInside(Path folder) {
        try {
            return Files.isDirectory(folder) && folder.toRealPath().startsWith(root.toRealPath());
        }
        catch (IOException ex) {
            return false;
        }
    }

    private static List<String> folders(Path parent) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, Files::isDirectory)) {
            entries.forEach((entry) -> names.add(String.valueOf(entry.getFileName())));
        }
        catch (IOException ex) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

}
