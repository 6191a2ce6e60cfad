package io.modelserver.registry.stage;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.modelserver.model.ModelId;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows what others do in the registry folder. It polls, since network file systems and
 * mounted volumes send no notifications. A marker that was moved is followed once its
 * version is complete; one that was emptied ends the serving; a folder that vanishes
 * changes nothing. A marker that may be in the middle of being written, since it is empty
 * or could go on, counts once it has stayed so for the settle period. What an operator
 * reloaded by name stays until the marker is moved, also where that was done while the
 * marker was empty.
 */
public final class RegistryWatcher {

    private static final Logger logger = LoggerFactory.getLogger(RegistryWatcher.class);

    private final RegistryFolder repository;

    private final VersionLoader loader;

    private final LiveVersions registry;

    private final Promotions lifecycle;

    private final Duration settle;

    private final LongSupplier nanoTime;

    /** The markers that may be in the middle of being written, by model. */
    private final Map<String, Unfinished> unfinished = new ConcurrentHashMap<>();

    /** The version in PRODUCTION of each model that was acted upon; empty for none. */
    private final Map<String, Optional<String>> followed = new ConcurrentHashMap<>();

    /**
     * Creates a watcher that has seen nothing yet.
     * @param repository the folder
     * @param loader knows how each loading went
     * @param registry what is live
     * @param lifecycle changes it
     * @param settle how long a marker that may be in the middle of being written must
     * have stayed the same
     * @param nanoTime the clock of durations
     */
    public RegistryWatcher(RegistryFolder repository, VersionLoader loader, LiveVersions registry, Promotions lifecycle,
            Duration settle, LongSupplier nanoTime) {
        this.repository = repository;
        this.loader = loader;
        this.registry = registry;
        this.lifecycle = lifecycle;
        this.settle = settle;
        this.nanoTime = nanoTime;
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
            if (!counts(model, production, served)) {
                continue;
            }
            if (production.isPresent()) {
                follow(new ModelId(model, production.get()), served);
            }
            else if (repository.isEmptied(model)) {
                withdraw(model, served);
            }
            registry.followStaging(model);
        }
    }

    private boolean counts(String model, Optional<String> production, @Nullable ServedModel served) {
        if (!repository.isUnfinished(model)) {
            unfinished.remove(model);
            return true;
        }
        long now = nanoTime.getAsLong();
        Unfinished marker = unfinished.compute(model,
                (name, before) -> (before != null && before.production().equals(production)) ? before
                        : new Unfinished(production, now, served));
        return now - marker.sinceNanos() >= settle.toNanos();
    }

    /** Once for each time that the marker is emptied. */
    private void withdraw(String model, @Nullable ServedModel served) throws InterruptedException {
        if (Optional.empty().equals(followed.get(model))) {
            return;
        }
        Unfinished marker = unfinished.get(model);
        if (served == null || marker == null || marker.served() != served) {
            followed.put(model, Optional.empty());
        }
        else if (!(lifecycle.withdraw(served.id()) instanceof ChangeResult.Conflict)) {
            logger.info("the PRODUCTION marker of {} was emptied", model);
            followed.put(model, Optional.empty());
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

    /**
     * A marker that may be in the middle of being written.
     *
     * @param production what it says
     * @param sinceNanos since when
     * @param served what was served then
     */
    private record Unfinished(Optional<String> production, long sinceNanos, @Nullable ServedModel served) {
    }

}
