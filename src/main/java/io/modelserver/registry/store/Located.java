package io.modelserver.registry.store;

import java.util.Optional;

import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Where the names that a caller uses lead in the folder, whatever is loaded of it.
 */
public sealed interface Located {

    /**
     * Looks for a version.
     * @param repository the folder
     * @param model the model
     * @param version null, {@code latest} or {@code production} for the version in
     * PRODUCTION, {@code staging}, or an exact version
     * @return what was found, or what is missing
     */
    static Located in(RegistryFolder repository, String model, @Nullable String version) {
        if (!repository.hasModel(model)) {
            return new NoModel(model);
        }
        Optional<Stage> stage = Stage.named(version);
        Optional<String> found = stage.isPresent() ? repository.inStage(model, stage.get())
                : Optional.ofNullable(version);
        if (found.isEmpty()) {
            return new NoneInStage(model, stage.orElseThrow());
        }
        ModelId id = new ModelId(model, found.get());
        return repository.version(id).isPresent() ? new Version(id) : new NoVersion(id);
    }

    /**
     * A version that is there.
     *
     * @param id the version
     */
    record Version(ModelId id) implements Located {
    }

    /**
     * There is no such model.
     *
     * @param model as asked for
     */
    record NoModel(String model) implements Located {
    }

    /**
     * There is no such version, or that in the stage is not there.
     *
     * @param id the version
     */
    record NoVersion(ModelId id) implements Located {
    }

    /**
     * The model has no version in the stage.
     *
     * @param model the model
     * @param stage the stage
     */
    record NoneInStage(String model, Stage stage) implements Located {
    }

}
