package io.modelserver.registry.stage;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.MarkedVersions;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.StageChange;
import io.modelserver.registry.store.StageHistory;
import io.modelserver.registry.store.StageMarkers;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.storage.AtomicFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes stages to the disk. Everything that can fail for lack of space is written first:
 * the new markers next to the old ones, then the line of the history. Then the marker of
 * PRODUCTION is renamed into its place, and that is the change: before it all is as it
 * was, after it there is no way back. The marker of STAGING and the metadata follow; what
 * a crash keeps from following is of no consequence, since the marker of PRODUCTION is
 * read before them.
 */
final class StageWriter {

    private static final Logger logger = LoggerFactory.getLogger(StageWriter.class);

    private final RegistryFolder repository;

    private final Clock clock;

    private final StageListener listener;

    StageWriter(RegistryFolder repository, Clock clock, StageListener listener) {
        this.repository = repository;
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Puts a version into PRODUCTION, and the one that was there into STAGING.
     * @return the version that was there
     * @throws IOException if nothing has changed
     */
    Optional<String> promote(ModelId id, StageChange.Action action, ChangeAuthor author) throws IOException {
        MarkedVersions marked = repository.marked(id.name());
        Optional<String> before = marked.production().filter((version) -> !version.equals(id.version()));
        boolean restage = before.isPresent() || marked.isStaging(id.version());
        StageMarkers markers = repository.markers(id.name());
        try (AtomicFile.Prepared production = markers.prepare(Stage.PRODUCTION, id.version());
                AtomicFile.Prepared staging = markers.prepare(Stage.STAGING, before.orElse(""))) {
            StageChange change = record(id, action, repository.stage(id, marked), Stage.PRODUCTION,
                    before.isPresent() ? before.get() : lastKnown(id, marked), author);
            commit(id, production, id.version());
            listener.stageChanged(id.name(), change);
            if (restage) {
                follow(id.name(), staging);
            }
        }
        recordInMetadata(id, Stage.PRODUCTION);
        before.ifPresent((version) -> recordInMetadata(new ModelId(id.name(), version), Stage.STAGING));
        marked.staging()
            .filter((version) -> restage && !version.equals(id.version()) && !before.equals(Optional.of(version)))
            .ifPresent((version) -> recordInMetadata(new ModelId(id.name(), version), Stage.NONE));
        return before;
    }

    /**
     * Puts a version into STAGING, ARCHIVED or NONE, out of the stage that it is in.
     * @return the version that was in PRODUCTION before; for a move to STAGING that it
     * did not come from PRODUCTION for, the version that it displaced there
     * @throws IOException if nothing has changed
     */
    Optional<String> move(ModelId id, Stage stage, ChangeAuthor author) throws IOException {
        MarkedVersions marked = repository.marked(id.name());
        boolean inProduction = marked.isProduction(id.version());
        Optional<String> displaced = marked.staging()
            .filter((version) -> stage == Stage.STAGING && !version.equals(id.version()));
        Optional<String> before = (inProduction || stage != Stage.STAGING) ? marked.production() : displaced;
        StageMarkers markers = repository.markers(id.name());
        StageChange.Action action = (stage == Stage.STAGING) ? StageChange.Action.STAGE : StageChange.Action.RETIRE;
        try (AtomicFile.Prepared production = markers.prepare(Stage.PRODUCTION, "");
                AtomicFile.Prepared staging = markers.prepare(Stage.STAGING,
                        (stage == Stage.STAGING) ? id.version() : "")) {
            StageChange change = record(id, action, repository.stage(id, marked), stage, before.orElse(null), author);
            if (inProduction) {
                commit(id, production, "");
            }
            if (marked.isStaging(id.version()) || stage == Stage.STAGING) {
                if (inProduction) {
                    follow(id.name(), staging);
                }
                else {
                    staging.commit();
                }
            }
            listener.stageChanged(id.name(), change);
        }
        recordInMetadata(id, stage);
        displaced.ifPresent((version) -> recordInMetadata(new ModelId(id.name(), version), Stage.NONE));
        return before;
    }

    /**
     * After promoting a version twice, or while the marker is empty, a rollback must
     * still return to the one before it.
     */
    private @Nullable String lastKnown(ModelId id, MarkedVersions marked) throws IOException {
        StageHistory history = repository.history(id.name());
        if (marked.isProduction(id.version())) {
            return history.before(id.version()).orElse(null);
        }
        return history.lastOfProduction()
            .filter((change) -> change.to() == Stage.PRODUCTION)
            .map(StageChange::version)
            .filter((version) -> !version.equals(id.version()))
            .orElse(null);
    }

    /** What somebody else has done to the marker of PRODUCTION. */
    void found(ModelId id, StageChange.Action action, @Nullable String previousVersion, String why) {
        tell(id.name(), new StageChange(clock.instant(), action, id.version(), Stage.NONE, Stage.PRODUCTION,
                previousVersion, ChangeAuthor.registry(why)));
    }

    /** Somebody else has emptied the marker of PRODUCTION, which named this version. */
    void foundEmptied(ModelId id, String why) {
        tell(id.name(), new StageChange(clock.instant(), StageChange.Action.FOUND, id.version(), Stage.PRODUCTION,
                Stage.NONE, id.version(), ChangeAuthor.registry(why)));
    }

    private void tell(String model, StageChange change) {
        listener.stageChanged(model, change);
        try {
            repository.history(model).append(change);
        }
        catch (IOException ex) {
            logger.info("the history of {} can't be written: {}", model, ex.toString());
        }
    }

    private StageChange record(ModelId id, StageChange.Action action, Stage from, Stage to,
            @Nullable String previousVersion, ChangeAuthor author) throws IOException {
        StageChange change = new StageChange(clock.instant(), action, id.version(), from, to, previousVersion, author);
        repository.history(id.name()).append(change);
        return change;
    }

    /** A rename that is done but may not be durable is done. */
    private void commit(ModelId id, AtomicFile.Prepared production, String version) throws IOException {
        try {
            production.commit();
        }
        catch (IOException ex) {
            if (!repository.markers(id.name()).read(Stage.PRODUCTION).equals(Optional.of(version))) {
                undone(id.name(), "the marker could not be written");
                throw ex;
            }
            logger.warn("the marker of {} may not survive a power failure", id.name(), ex);
        }
    }

    /** The last line of the history describes a change that did not happen. */
    void undone(String model, String why) throws IOException {
        Optional<String> still = repository.inStage(model, Stage.PRODUCTION);
        if (still.isPresent()) {
            found(new ModelId(model, still.get()), StageChange.Action.UNDONE,
                    repository.history(model).before(still.get()).orElse(null), why);
        }
    }

    private static void follow(String model, AtomicFile.Prepared staging) {
        try {
            staging.commit();
        }
        catch (IOException ex) {
            logger.warn("the staging marker of {} could not be written", model, ex);
        }
    }

    /** The marker decides; a metadata.json that can't be written only lags behind it. */
    private void recordInMetadata(ModelId id, Stage stage) {
        try {
            Optional<VersionFolder> folder = repository.version(id);
            if (folder.isPresent()) {
                folder.get().writeStage(stage, clock.instant());
            }
        }
        catch (IOException | ModelLoadException ex) {
            logger.warn("the stage {} of {} is not in its metadata.json: {}", stage, id, ex.getMessage());
        }
    }

}
