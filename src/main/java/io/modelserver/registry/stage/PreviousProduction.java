package io.modelserver.registry.stage;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.StageChange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers which version of each model was in PRODUCTION before. Trainers move the
 * marker by themselves, so what the server finds there is compared with what it knew last
 * and goes into the history too.
 */
final class PreviousProduction {

    private static final Logger logger = LoggerFactory.getLogger(PreviousProduction.class);

    private final RegistryFolder repository;

    private final StageWriter stages;

    private final Map<String, String> lastKnown = new ConcurrentHashMap<>();

    PreviousProduction(RegistryFolder repository, StageWriter stages) {
        this.repository = repository;
        this.stages = stages;
    }

    Optional<String> before(String model, Optional<String> production) {
        try {
            return repository.history(model).before(production.orElse(null));
        }
        catch (IOException ex) {
            logger.warn("the history of {} can't be read: {}", model, ex.toString());
            return Optional.empty();
        }
    }

    /**
     * {@return the version to serve in the place of one that can't be loaded: the one
     * before it, or the last one known where the marker was moved to it by hand}
     */
    Optional<String> insteadOf(ModelId rejected) {
        Optional<String> before = before(rejected.name(), repository.inStage(rejected.name(), Stage.PRODUCTION));
        if (before.isPresent()) {
            return before;
        }
        try {
            return repository.history(rejected.name())
                .lastOfProduction()
                .filter((change) -> change.to() == Stage.PRODUCTION)
                .map(StageChange::version)
                .filter((version) -> !version.equals(rejected.version()));
        }
        catch (IOException ex) {
            logger.warn("the history of {} can't be read: {}", rejected.name(), ex.toString());
            return Optional.empty();
        }
    }

    void promoted(ModelId id) {
        lastKnown.put(id.name(), id.version());
    }

    void left(ModelId id) {
        lastKnown.remove(id.name(), id.version());
    }

    /** The marker says that no version is in PRODUCTION any more. */
    void foundEmptied(String model, String why) {
        try {
            repository.history(model)
                .lastOfProduction()
                .filter((change) -> change.to() == Stage.PRODUCTION && repository.isEmptied(model))
                .ifPresent((change) -> stages.foundEmptied(new ModelId(model, change.version()), why));
        }
        catch (IOException ex) {
            logger.warn("the history of {} can't be read: {}", model, ex.toString());
        }
    }

    /** The marker says that a version is in PRODUCTION. */
    void found(ModelId id) {
        String known = lastKnown.put(id.name(), id.version());
        try {
            if (known != null && !known.equals(id.version())) {
                stages.found(id, StageChange.Action.FOUND, known, "the marker was changed");
            }
            else if (known == null) {
                compareWithHistory(id);
            }
        }
        catch (IOException ex) {
            logger.warn("the history of {} can't be read: {}", id.name(), ex.toString());
        }
    }

    /**
     * A change that a crash kept from being made left its line behind; otherwise the
     * marker was changed while no server ran.
     */
    private void compareWithHistory(ModelId id) throws IOException {
        Optional<StageChange> last = repository.history(id.name()).lastOfProduction();
        if (last.isEmpty()) {
            stages.found(id, StageChange.Action.FOUND, null, "the first version that was found in production");
            return;
        }
        StageChange change = last.get();
        boolean entered = change.to() == Stage.PRODUCTION;
        if (entered && change.version().equals(id.version())) {
            return;
        }
        if (entered ? id.version().equals(change.previousVersion()) : id.version().equals(change.version())) {
            stages.undone(id.name(), "the server ended before the marker was changed, or it was changed back");
        }
        else {
            stages.found(id, StageChange.Action.FOUND, entered ? change.version() : null,
                    "the marker was changed while no server ran");
        }
    }

}
