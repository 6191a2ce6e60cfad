package io.modelserver.registry;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.inference.ModelId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what others do in the registry folder. It looks rather than being told, since
 * network file systems and mounted volumes tell nobody. A marker that was moved is
 * followed once its version is complete; one that was emptied ends the serving; a folder
 * that vanishes changes nothing. What an operator reloaded by name stays until the marker
 * is moved.
 */
public final class RegistryWatcher {

    private static final Logger logger = LoggerFactory.getLogger(RegistryWatcher.class);

    private final ModelRepository repository;

    private final VersionLoader loader;

    private final ModelRegistry registry;

    private final ModelLifecycle lifecycle;

    /** The version in PRODUCTION of each model that was acted upon; empty for none. */
    private final Map<String, Optional<String>> followed = new ConcurrentHashMap<>();

    /**
     * Makes a watcher that has seen nothing yet.
     * @param repository the folder
     * @param loader knows how each loading went
     * @param registry what is live
     * @param lifecycle changes it
     */
    public RegistryWatcher(ModelRepository repository, VersionLoader loader, ModelRegistry registry,
            ModelLifecycle lifecycle) {
        this.repository = repository;
        this.loader = loader;
        this.registry = registry;
        this.lifecycle = lifecycle;
    }

    /**
     * Looks once and does what is to be done; to be called by one thread.
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void look() throws InterruptedException {
        for (String model : repository.models()) {
            repository.lookAtVersions(model);
            Optional<String> production = repository.inStage(model, Stage.PRODUCTION);
            ServedModel served = registry.serving(model);
            if (production.isPresent()) {
                follow(new ModelId(model, production.get()), served);
            }
            else if (served != null && repository.isEmptied(model)) {
                logger.info("the PRODUCTION marker of {} was emptied", model);
                lifecycle.withdraw(served.id());
                followed.put(model, production);
            }
        }
    }

    private void follow(ModelId id, @Nullable ServedModel served) throws InterruptedException {
        Optional<String> version = Optional.of(id.version());
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            return;
        }
        boolean isServed = served != null && served.id().equals(id);
        boolean moved = !version.equals(followed.getOrDefault(id.name(), isServed ? version : Optional.empty()));
        if (isServed || !(moved || loader.state(folder.get()) == VersionState.FOUND)) {
            followed.put(id.name(), version);
        }
        else if (loader.rejection(folder.get()).isEmpty()) {
            logger.info("{} is marked as PRODUCTION", id);
            if (!(lifecycle.reload(id.name(), null) instanceof ChangeResult.Conflict)) {
                followed.put(id.name(), version);
            }
        }
    }

}
