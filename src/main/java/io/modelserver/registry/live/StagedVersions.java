package io.modelserver.registry.live;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

import io.modelserver.model.ModelId;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.RegistryFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the version in STAGING of each model loaded, so that the first request for it
 * need not wait. Loads in the background, and not before it is told to start: at the
 * start, production comes first.
 */
final class StagedVersions {

    private static final Logger logger = LoggerFactory.getLogger(StagedVersions.class);

    private final RegistryFolder repository;

    private final VersionLoader loader;

    private final OnDemandLoads loads;

    private final Predicate<ModelId> isLive;

    private volatile boolean begun;

    StagedVersions(RegistryFolder repository, VersionLoader loader, OnDemandLoads loads, Predicate<ModelId> isLive) {
        this.repository = repository;
        this.loader = loader;
        this.loads = loads;
        this.isLive = isLive;
    }

    void begin() {
        begun = true;
        repository.models().forEach(this::load);
    }

    /**
     * Starts to load what is in STAGING now, unless it is loaded. A version that was
     * rejected is left alone until its files change.
     */
    void load(String model) {
        if (!begun) {
            return;
        }
        try {
            repository.inStage(model, Stage.STAGING)
                .map((version) -> new ModelId(model, version))
                .filter((id) -> !isLive.test(id))
                .flatMap(repository::version)
                .filter((folder) -> loader.rejection(folder).isEmpty())
                .ifPresent(loads::start);
        }
        catch (RejectedExecutionException ex) {
            logger.debug("the version in STAGING of {} is not loaded, the server is stopping", model);
        }
    }

    /**
     * {@return whether a version stays loaded because it is in STAGING}
     */
    boolean keeps(ModelId id) {
        return begun && isStaged(id);
    }

    boolean isStaged(ModelId id) {
        return repository.marked(id.name()).isStaging(id.version());
    }

}
