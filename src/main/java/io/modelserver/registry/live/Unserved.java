package io.modelserver.registry.live;

import java.util.Optional;

import io.modelserver.model.ModelId;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Names;
import io.modelserver.registry.store.NotFound;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;

/** Explains why the version in PRODUCTION of a model is not served, and what to do. */
final class Unserved {

    static final String NO_FOLDER = "the registry folder is missing or can't be read: start the server from the "
            + "folder that holds models/, or set modelserver.registry.path";

    private final RegistryFolder repository;

    private final VersionLoader loader;

    Unserved(RegistryFolder repository, VersionLoader loader) {
        this.repository = repository;
        this.loader = loader;
    }

    String why(String model) {
        if (!repository.isReadable()) {
            return NO_FOLDER;
        }
        Optional<String> production = repository.hasModel(model) ? repository.inStage(model, Stage.PRODUCTION)
                : Optional.empty();
        if (production.isEmpty() && repository.isEmptied(model)) {
            return ("the marker .production of model '%s' is empty, which says that no version is in PRODUCTION: promote "
                    + "one with POST /api/ml/models/%s/versions/{version}/stage, or write its name there and reload")
                .formatted(model, model);
        }
        if (production.isEmpty()) {
            return ("%s: promote one with POST /api/ml/models/%s/versions/{version}/stage, or train one with "
                    + "tools/train_model.py --promote production and reload")
                .formatted(NotFound.version(model, Stage.PRODUCTION), model);
        }
        ModelId id = new ModelId(model, production.get());
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            return "'%s' is marked as PRODUCTION of model '%s', but %s".formatted(id.version(), model,
                    repository.misnamed(model).contains(id.version()) ? Names.problem(id.version())
                            : "there is no such version");
        }
        return loader.rejection(folder.get())
            .map((reason) -> "version '%s' of model '%s' is in PRODUCTION but was rejected: %s".formatted(id.version(),
                    model, reason))
            .orElse("version '%s' of model '%s' is in PRODUCTION but not loaded: POST /api/ml/models/%s/reload loads it"
                .formatted(id.version(), model, model));
    }

}
