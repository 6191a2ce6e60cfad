package io.modelserver.registry.stage;

import java.util.Optional;

import io.modelserver.model.ModelId;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ServedModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what serves out of memory, and leaves its stage as it is. */
final class Unloading {

    private static final Logger logger = LoggerFactory.getLogger(Unloading.class);

    private Unloading() {
    }

    /** To be called where no other change of the model runs. */
    static ChangeResult of(String model, LiveVersions registry) {
        ServedModel serving = registry.serving(model);
        if (serving == null) {
            return new ChangeResult.Done(new ModelId(model, ""), null, 0, "model '%s' was not served".formatted(model));
        }
        ModelId id = serving.id();
        Optional<String> need = registry.neededBy(id);
        if (need.isPresent()) {
            return new ChangeResult.Conflict(need.get());
        }
        registry.stopServing(model);
        logger.info("{} is unloaded; it stays in PRODUCTION", id);
        return new ChangeResult.Done(id, id.version(), 0,
                "%s is no longer served; it stays in PRODUCTION, and loading the model serves it again".formatted(id));
    }

}
