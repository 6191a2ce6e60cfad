package io.modelserver.registry.live;

import java.util.Optional;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.check.CheckRows;
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

    /**
     * Creates a source.
     * @param repository where versions are
     */
    public SampleInputs(RegistryFolder repository) {
        this.repository = repository;
    }

    /**
     * {@return an input that the version answers}
     * @param id a version, which may be in any stage and need not be loaded
     */
    public SampleInput of(ModelId id) {
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            return new SampleInput.Unknown(id, NotFound.version(id));
        }
        try {
            MetadataFile file = folder.get().metadata();
            ModelMetadata metadata = file.describe(id);
            return new SampleInput.Of(metadata,
                    new CheckRows(metadata, folder.get().goldenSamples(metadata), file.baseline()).first());
        }
        catch (ModelLoadException | IllegalArgumentException ex) {
            return new SampleInput.Unknown(id, String.valueOf(ex.getMessage()));
        }
    }

}
