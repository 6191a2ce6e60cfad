package io.modelserver.registry;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelLoadException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes what is live and which stage a version is in. Loading and checking come before
 * every switch, so a version that fails leaves all as it was. One change of a model runs
 * at a time; a second is turned away, not queued.
 */
public final class ModelLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(ModelLifecycle.class);

    private final ModelRepository repository;

    private final ModelRegistry registry;

    private final LongSupplier nanoTime;

    /**
     * The version of each model that was in production when it was last loaded or
     * promoted.
     */
    private final Map<String, String> lastProduction = new ConcurrentHashMap<>();

    private final Map<String, ReentrantLock> changes = new ConcurrentHashMap<>();

    /**
     * Makes the only changer of a registry.
     * @param repository the folder
     * @param registry what is live
     * @param nanoTime the clock of durations
     */
    public ModelLifecycle(ModelRepository repository, ModelRegistry registry, LongSupplier nanoTime) {
        this.repository = repository;
        this.registry = registry;
        this.nanoTime = nanoTime;
    }

    /**
     * Loads the production version of every model; what can't be loaded is logged and
     * listed with its error.
     */
    public void loadProduction() throws InterruptedException {
        for (String model : repository.models()) {
            if (reload(model, null) instanceof ChangeResult.Conflict(String reason)) {
                logger.warn("{} is not served: {}", model, reason);
            }
        }
    }

    /**
     * Loads a version afresh and swaps it in.
     * @param model the model
     * @param version the version to serve, or null for the one in production; the stage
     * on disk stays as it is
     * @return what came of it
     * @throws InterruptedException if the calling thread is interrupted; nothing has
     * changed then
     */
    public ChangeResult reload(String model, @Nullable String version) throws InterruptedException {
        return exclusively(model, () -> {
            Stage stage = "staging".equals(version) ? Stage.STAGING : Stage.PRODUCTION;
            boolean byStage = version == null || version.equals("latest") || version.equals(stage.markerName());
            Optional<String> target = byStage ? repository.inStage(model, stage) : Optional.ofNullable(version);
            if (target.isEmpty()) {
                return new ChangeResult.Conflict(
                        "model '%s' has no version in %s to load; promote one first".formatted(model, stage));
            }
            return load(new ModelId(model, target.get()), (loaded) -> {
                String previous = previousVersion(model);
                if (byStage && stage == Stage.PRODUCTION) {
                    rememberProduction(loaded.model().id());
                }
                registry.serve(loaded.model());
                return new ChangeResult.Done(loaded.model().id(), previous, loaded.millis(),
                        "%s is loaded, checked and serving".formatted(loaded.model().id()));
            });
        });
    }

    /**
     * Puts a version into a stage. PRODUCTION and STAGING load and check it first; the
     * version that was in production goes to staging and is remembered for
     * {@link #rollback}.
     * @param id the version
     * @param stage where it shall be
     * @return what came of it
     * @throws InterruptedException if the calling thread is interrupted; nothing has
     * changed then
     */
    public ChangeResult changeStage(ModelId id, Stage stage) throws InterruptedException {
        return exclusively(id.name(), () -> switch (stage) {
            case PRODUCTION -> promote(id);
            case STAGING -> load(id, (loaded) -> {
                repository.markers(id.name()).write(Stage.STAGING, id.version());
                leaveProduction(id);
                recordStage(id, stage);
                registry.serveBeside(loaded.model());
                return done(id, stage, null, loaded.millis());
            });
            case ARCHIVED, NONE -> retire(id, stage);
        });
    }

    /**
     * Goes back to the version that was in production before.
     * @param model the model
     * @return what came of it
     * @throws InterruptedException if the calling thread is interrupted; nothing has
     * changed then
     */
    public ChangeResult rollback(String model) throws InterruptedException {
        return exclusively(model, () -> {
            Optional<String> previous = repository.markers(model).readPrevious();
            return previous.isPresent() ? promote(new ModelId(model, previous.get())) : new ChangeResult.Conflict(
                    "model '%s' has no earlier production version to go back to".formatted(model));
        });
    }

    /**
     * A trainer may have moved the marker by itself; rollback must know the version that
     * it displaced.
     */
    private void rememberProduction(ModelId id) {
        String before = lastProduction.put(id.name(), id.version());
        if (before != null && !before.equals(id.version())) {
            try {
                repository.markers(id.name()).writePrevious(before);
            }
            catch (IOException ex) {
                logger.warn("{} could not be remembered as the version before {}", before, id, ex);
            }
        }
    }

    private ChangeResult promote(ModelId id) throws InterruptedException, IOException {
        return load(id, (loaded) -> {
            Optional<String> before = repository.inStage(id.name(), Stage.PRODUCTION)
                .filter((version) -> !version.equals(id.version()));
            StageMarkers markers = repository.markers(id.name());
            if (before.isPresent()) {
                markers.writePrevious(before.get());
            }
            Optional<String> staged = repository.inStage(id.name(), Stage.STAGING);
            markers.write(Stage.PRODUCTION, id.version());
            lastProduction.put(id.name(), id.version());
            registry.serve(loaded.model());
            recordStage(id, Stage.PRODUCTION);
            if (before.isPresent() || staged.filter(id.version()::equals).isPresent()) {
                stageInstead(id.name(), before.orElse(""));
                staged.filter((version) -> !version.equals(id.version()) && !before.equals(Optional.of(version)))
                    .ifPresent((version) -> recordStage(new ModelId(id.name(), version), Stage.NONE));
            }
            return done(id, Stage.PRODUCTION, before.orElse(null), loaded.millis());
        });
    }

    /**
     * What is in production is decided by now, so a failure here is no reason to turn
     * back.
     */
    private void stageInstead(String model, String version) {
        try {
            repository.markers(model).write(Stage.STAGING, version);
        }
        catch (IOException ex) {
            logger.warn("version '{}' of {} could not be marked as staging", version, model, ex);
        }
        if (!version.isEmpty()) {
            recordStage(new ModelId(model, version), Stage.STAGING);
        }
    }

    private ChangeResult retire(ModelId id, Stage stage) throws IOException {
        if (repository.version(id).isEmpty()) {
            return new ChangeResult.VersionNotFound(id);
        }
        String previous = previousVersion(id.name());
        leaveProduction(id);
        if (repository.inStage(id.name(), Stage.STAGING).filter(id.version()::equals).isPresent()) {
            repository.markers(id.name()).write(Stage.STAGING, "");
        }
        recordStage(id, stage);
        return done(id, stage, previous, 0);
    }

    /**
     * A model may be left with nothing in production: no answer is better than that of a
     * version to be taken out.
     */
    private void leaveProduction(ModelId id) throws IOException {
        if (repository.inStage(id.name(), Stage.PRODUCTION).filter(id.version()::equals).isPresent()) {
            StageMarkers markers = repository.markers(id.name());
            markers.writePrevious(id.version());
            markers.write(Stage.PRODUCTION, "");
            lastProduction.remove(id.name());
        }
        if (id.version().equals(previousVersion(id.name()))) {
            registry.stopServing(id.name());
        }
    }

    private ChangeResult done(ModelId id, Stage stage, @Nullable String previous, long loadMillis) {
        logger.info("{} is now in {}", id, stage);
        return new ChangeResult.Done(id, previous, loadMillis, "%s is now in %s".formatted(id, stage));
    }

    /** The marker decides; a metadata.json that can't be written only lags behind it. */
    private void recordStage(ModelId id, Stage stage) {
        try {
            Optional<VersionFolder> folder = repository.version(id);
            if (folder.isPresent()) {
                folder.get().writeStage(stage);
            }
        }
        catch (IOException | ModelLoadException ex) {
            logger.warn("the stage {} of {} is not in its metadata.json: {}", stage, id, ex.getMessage());
        }
    }

    private @Nullable String previousVersion(String model) {
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
            model = registry.activate(folder.get());
        }
        catch (ModelLoadException ex) {
            logger.warn("{} is rejected: {}", id, ex.getMessage());
            return new ChangeResult.Rejected(id, String.valueOf(ex.getMessage()));
        }
        long millis = (nanoTime.getAsLong() - start) / 1_000_000;
        logger.info("{} is loaded, checked and warm after {} ms, on {}: {}", id, millis, model.engine().engine(),
                model.engine().reason());
        try {
            return onceLoaded.to(new Loaded(model, millis));
        }
        catch (IOException ex) {
            model.retire();
            throw ex;
        }
    }

    private ChangeResult exclusively(String model, Change change) throws InterruptedException {
        if (!repository.hasModel(model)) {
            return new ChangeResult.ModelNotFound(model);
        }
        ReentrantLock lock = changes.computeIfAbsent(model, (name) -> new ReentrantLock());
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
        }
    }

    private record Loaded(ServedModel model, long millis) {
    }

    @FunctionalInterface
    private interface Change {

        ChangeResult run() throws InterruptedException, IOException;

    }

    @FunctionalInterface
    private interface Switch {

        ChangeResult to(Loaded loaded) throws IOException;

    }

}
