package io.modelserver.registry.stage;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.store.RegistryFolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs changes of models, of one model one at a time. A second one is refused, not
 * queued, since it was asked for without knowing of the first.
 */
final class ExclusiveChanges {

    private static final Logger logger = LoggerFactory.getLogger(ExclusiveChanges.class);

    private final RegistryFolder repository;

    private final LiveVersions registry;

    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    ExclusiveChanges(RegistryFolder repository, LiveVersions registry) {
        this.repository = repository;
        this.registry = registry;
    }

    /**
     * Runs a change in the calling thread, unless another of the model is running. After
     * it, the version in STAGING is looked at again.
     * @param model the model, which need not exist
     * @param change what to do
     * @return its result, or why it was not run or could not be written
     * @throws InterruptedException if the change was interrupted
     */
    ChangeResult run(String model, Change change) throws InterruptedException {
        if (!repository.hasModel(model)) {
            return new ChangeResult.ModelNotFound(model);
        }
        ReentrantLock lock = locks.computeIfAbsent(model, (name) -> new ReentrantLock());
        if (!lock.tryLock()) {
            return new ChangeResult.Conflict("another change of model '%s' is under way".formatted(model));
        }
        try {
            return change.run();
        }
        catch (IOException ex) {
            logger.warn("a change of model {} could not be written", model, ex);
            return new ChangeResult.NotStored(
                    "the registry can't be written, the stage of model '%s' is unchanged".formatted(model));
        }
        finally {
            lock.unlock();
            registry.followStaging(model);
        }
    }

    /** What is done to one model. */
    @FunctionalInterface
    interface Change {

        ChangeResult run() throws InterruptedException, IOException;

    }

}
