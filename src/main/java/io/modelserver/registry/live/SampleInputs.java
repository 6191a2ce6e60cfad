package io.modelserver.registry.live;

import java.util.Optional;
import java.util.function.Function;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.check.CheckRows;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.store.NotFound;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;

/**
 * Gives an example of what a version takes, from its files alone: its first golden
 * sample, else numbers as training saw them, the same ones each time.
 */
public final class SampleInputs {

    private final RegistryFolder repository;

    private final Function<ModelId, Optional<ModelMetadata>> loaded;

    private final Function<VersionFolder, Optional<String>> rejection;

    /**
     * Creates a source.
     * @param repository where versions are
     */
    public SampleInputs(RegistryFolder repository) {
        this(repository, (id) -> Optional.empty(), (folder) -> Optional.empty());
    }

    /**
     * Creates a source that knows what became of versions.
     * @param repository where versions are
     * @param loader knows why one was refused
     * @param live knows what those take that are loaded
     */
    public SampleInputs(RegistryFolder repository, VersionLoader loader, LiveVersions live) {
        this(repository, (id) -> Optional.ofNullable(live.live().find(id)).map(ServedModel::metadata),
                loader::rejection);
    }

    private SampleInputs(RegistryFolder repository, Function<ModelId, Optional<ModelMetadata>> loaded,
            Function<VersionFolder, Optional<String>> rejection) {
        this.repository = repository;
        this.loaded = loaded;
        this.rejection = rejection;
    }

    /**
     * {@return an input that the version answers, which one that was rejected does not}
     * @param id a version, which may be in any stage and need not be loaded
     */
    public SampleInput of(ModelId id) {
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            return new SampleInput.Unknown(id, NotFound.version(id));
        }
        try {
            Optional<ModelMetadata> known = loaded.apply(id);
            Optional<String> rejected = known.isPresent() ? Optional.empty() : rejection.apply(folder.get());
            if (rejected.isPresent()) {
                return new SampleInput.Unknown(id, rejected.get());
            }
            MetadataFile file = folder.get().metadata();
            ModelMetadata metadata = known.isPresent() ? known.get() : folder.get().completed(file).describe(id);
            return new SampleInput.Of(metadata,
                    new CheckRows(metadata, folder.get().goldenSamples(metadata), file.baseline()).first());
        }
        catch (ModelLoadException | IllegalArgumentException ex) {
            return new SampleInput.Unknown(id, String.valueOf(ex.getMessage()));
        }
    }

}
