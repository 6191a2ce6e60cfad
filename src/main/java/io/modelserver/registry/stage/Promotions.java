package io.modelserver.registry.stage;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.NotFound;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.StageChange;
import io.modelserver.registry.store.VersionFolder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what is live and which stage a version is in. Loading and checking come before
 * every switch, so a version that fails leaves all as it was. One change of a model runs
 * at a time; a second one is refused, not queued.
 */
public final class Promotions {

    private static final Logger logger = LoggerFactory.getLogger(Promotions.class);

    private final RegistryFolder repository;

    private final VersionLoader loader;

    private final LiveVersions registry;

    private final StageWriter stages;

    private final PreviousProduction memory;

    private final LongSupplier nanoTime;

    private final ExclusiveChanges changes;

    /**
     * Creates the only object that changes a registry.
     * @param repository the folder
     * @param loader makes versions ready
     * @param registry what is live
     * @param clock the time of the history
     * @param nanoTime the clock of durations
     * @param listener notified of changes of stages
     */
    public Promotions(RegistryFolder repository, VersionLoader loader, LiveVersions registry, Clock clock,
            LongSupplier nanoTime, StageListener listener) {
        this.repository = repository;
        this.loader = loader;
        this.registry = registry;
        this.stages = new StageWriter(repository, clock, listener);
        this.memory = new PreviousProduction(repository, stages);
        this.changes = new ExclusiveChanges(repository, registry);
        this.nanoTime = nanoTime;
    }

    /**
     * Loads the production version of every model; what can't be loaded is logged and
     * listed with its error. One that is refused because the server died while it was
     * being loaded is replaced by the version that was in production before.
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void loadProduction() throws InterruptedException {
        for (String model : registry.members().membersFirst(repository.models())) {
            try {
                switch (reload(model, null)) {
                    case ChangeResult.Conflict(String reason) -> {
                        logger.warn("{} is not served: {}", model, reason);
                        memory.foundEmptied(model, "the marker was emptied while no server ran");
                    }
                    case ChangeResult.Rejected(ModelId id, String reason) -> serveInsteadOf(id);
                    default -> logger.debug("{} was checked", model);
                }
            }
            catch (RuntimeException ex) {
                logger.error("{} could not be loaded", model, ex);
            }
        }
    }

    private void serveInsteadOf(ModelId rejected) throws InterruptedException {
        boolean underQuarantine = repository.version(rejected).filter(loader::isUnderQuarantine).isPresent();
        Optional<String> before = underQuarantine ? memory.insteadOf(rejected) : Optional.empty();
        if (before.isPresent()) {
            logger.warn("{} is in quarantine; the previous version, {}, is served", rejected, before.get());
            reload(rejected.name(), before.get());
        }
    }

    /**
     * Loads a version again and swaps it in.
     * @param model the model
     * @param version the version to serve, or null for the one in production; the stage
     * on disk stays as it is
     * @return the result
     * @throws InterruptedException if the calling thread is interrupted; nothing has
     * changed then
     */
    public ChangeResult reload(String model, @Nullable String version) throws InterruptedException {
        return changes.run(model, () -> {
            return switch (Located.in(repository, model, version)) {
                case Located.NoModel(String name) -> new ChangeResult.ModelNotFound(name);
                case Located.NoVersion(ModelId id) -> new ChangeResult.VersionNotFound(id);
                case Located.NoneInStage(String name, Stage stage) ->
                    new ChangeResult.Conflict("%s to load%s; promote one first".formatted(NotFound.version(name, stage),
                            repository.isEmptied(name) ? ", its marker .production is empty" : ""));
                case Located.Version(ModelId id) -> load(id, (loaded) -> serveAfresh(loaded, version));
            };
        });
    }

    private ChangeResult serveAfresh(Loaded loaded, @Nullable String version) {
        ModelId id = loaded.model().id();
        String previous = served(id.name());
        if (Stage.named(version).equals(Optional.of(Stage.PRODUCTION))) {
            memory.found(id);
        }
        registry.serve(loaded.model());
        return new ChangeResult.Done(id, previous, loaded.millis(), "%s is loaded, checked and serving".formatted(id));
    }

    /**
     * Puts a version into a stage. PRODUCTION and STAGING load and check it first; the
     * version that was in production goes to staging and is remembered for
     * {@link #rollback}.
     * @param id the version
     * @param stage where it shall be
     * @param author for the history
     * @return the result
     * @throws InterruptedException if the calling thread is interrupted; nothing has
     * changed then
     */
    public ChangeResult changeStage(ModelId id, Stage stage, ChangeAuthor author) throws InterruptedException {
        return changes.run(id.name(), () -> switch (stage) {
            case PRODUCTION -> promote(id, StageChange.Action.PROMOTE, author);
            case STAGING -> load(id, (loaded) -> {
                Optional<String> before = move(id, stage, author);
                registry.serveBeside(loaded.model());
                return done(id, stage, before.orElse(null), loaded.millis());
            });
            case ARCHIVED, NONE -> retire(id, stage, author);
        });
    }

    /**
     * Returns to the version that was in production before.
     * @param model the model
     * @param author for the history
     * @return the result
     * @throws InterruptedException if the calling thread is interrupted; nothing has
     * changed then
     */
    public ChangeResult rollback(String model, ChangeAuthor author) throws InterruptedException {
        return changes.run(model, () -> {
            Optional<String> production = repository.inStage(model, Stage.PRODUCTION);
            Optional<String> previous = memory.before(model, production).or(() -> servedInsteadOf(model, production));
            if (previous.isEmpty()) {
                return new ChangeResult.Conflict(
                        "model '%s' has no earlier production version to go back to".formatted(model));
            }
            ModelId id = new ModelId(model, previous.get());
            return (production.isPresent() && isArchived(id)) ? ChangeResult.Conflict.archived(id)
                    : promote(id, StageChange.Action.ROLLBACK, author);
        });
    }

    private boolean isArchived(ModelId id) {
        return repository.stage(id, repository.marked(id.name())) == Stage.ARCHIVED;
    }

    /**
     * Where the version in production can't be loaded, another may serve in its place.
     */
    private Optional<String> servedInsteadOf(String model, Optional<String> production) {
        return Optional.ofNullable(served(model))
            .filter((version) -> production.isPresent() && !production.get().equals(version));
    }

    /**
     * Stops serving a model until it is loaded or promoted again; no stage changes.
     * @param model the model
     * @return the result; also if nothing was served
     * @throws InterruptedException if the calling thread is interrupted
     */
    public ChangeResult unload(String model) throws InterruptedException {
        return changes.run(model, () -> Unloading.of(model, registry));
    }

    /** Somebody else has taken the version that serves out of PRODUCTION. */
    ChangeResult withdraw(ModelId id) throws InterruptedException {
        return changes.run(id.name(), () -> {
            if (!repository.isEmptied(id.name()) || !id.version().equals(served(id.name()))) {
                return new ChangeResult.Conflict("%s was promoted in the meantime".formatted(id));
            }
            memory.foundEmptied(id.name(), "the marker was emptied");
            memory.left(id);
            registry.stopServing(id.name());
            return done(id, Stage.NONE, id.version(), 0);
        });
    }

    private ChangeResult promote(ModelId id, StageChange.Action action, ChangeAuthor author)
            throws InterruptedException, IOException {
        return load(id, (loaded) -> {
            Optional<String> before = stages.promote(id, action, author);
            memory.promoted(id);
            registry.serve(loaded.model());
            return done(id, Stage.PRODUCTION, before.orElse(null), loaded.millis());
        });
    }

    private ChangeResult retire(ModelId id, Stage stage, ChangeAuthor author) throws IOException {
        if (repository.version(id).isEmpty()) {
            return new ChangeResult.VersionNotFound(id);
        }
        Optional<String> need = registry.neededBy(id);
        if (need.isPresent()) {
            return new ChangeResult.Conflict(need.get());
        }
        return done(id, stage, move(id, stage, author).orElse(null), 0);
    }

    /**
     * A model may be left with nothing in production: no answer is better than that of a
     * version to be taken out.
     */
    private Optional<String> move(ModelId id, Stage stage, ChangeAuthor author) throws IOException {
        Optional<String> before = stages.move(id, stage, author);
        memory.left(id);
        if (id.version().equals(served(id.name()))) {
            registry.stopServing(id.name());
        }
        return before;
    }

    private ChangeResult done(ModelId id, Stage stage, @Nullable String previous, long loadMillis) {
        logger.info("{} is now in {}", id, stage);
        String experiment = registry.keepsAnyOf(id.name())
                ? "; a running experiment goes on assigning requests of its model to its own versions" : "";
        return new ChangeResult.Done(id, previous, loadMillis, "%s is now in %s%s".formatted(id, stage, experiment));
    }

    private @Nullable String served(String model) {
        ServedModel serving = registry.serving(model);
        return (serving != null) ? serving.id().version() : null;
    }

    private ChangeResult load(ModelId id, Switch onceLoaded) throws InterruptedException, IOException {
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            return new ChangeResult.VersionNotFound(id);
        }
        long start = nanoTime.getAsLong();
        ServedModel model;
        try {
            model = registry.members().load(folder.get());
        }
        catch (ModelLoadException ex) {
            logger.warn("{} is rejected: {}", id, ex.getMessage());
            registry.letGo(id);
            return new ChangeResult.Rejected(id, String.valueOf(ex.getMessage()));
        }
        long millis = (nanoTime.getAsLong() - start) / 1_000_000;
        logger.info("{} is loaded, checked and warm after {} ms, on {}: {}", id, millis, model.engine().name(),
                model.engine().reason());
        boolean installed = false;
        try {
            ChangeResult result = onceLoaded.to(new Loaded(model, millis));
            installed = true;
            return result;
        }
        finally {
            if (!installed) {
                model.retire();
            }
        }
    }

    private record Loaded(ServedModel model, long millis) {
    }

    @FunctionalInterface
    private interface Switch {

        ChangeResult to(Loaded loaded) throws IOException;

    }

}
