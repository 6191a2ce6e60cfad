package io.modelserver.registry.live;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of the registry that is live. A request for the version in production costs
 * one volatile read and one counter; a version that is asked for by name is loaded when
 * it is first asked for, and a few of those are kept, in addition to those in STAGING.
 */
public final class LiveVersions {

    private static final Logger logger = LoggerFactory.getLogger(LiveVersions.class);

    private final VersionLoader loader;

    private final String defaultModel;

    private final int keptOnDemand;

    private final OnDemandLoads onDemandLoads;

    private final StagedVersions staged;

    private final LiveMembers members;

    private final VersionSearch search;

    private final Succession live = new Succession();

    private volatile Set<ModelId> kept = Set.of();

    private volatile boolean closed;

    /**
     * Creates a registry in which nothing is live yet.
     * @param repository the folder
     * @param loader makes versions ready
     * @param defaultModel the model of requests that name none
     * @param keptOnDemand how many versions that were asked for by name stay loaded
     * @param loadingThread where they are loaded
     * @param nanoTime the clock of deadlines
     */
    public LiveVersions(RegistryFolder repository, VersionLoader loader, String defaultModel, int keptOnDemand,
            Executor loadingThread, LongSupplier nanoTime) {
        this.loader = loader;
        this.defaultModel = defaultModel;
        this.keptOnDemand = keptOnDemand;
        this.onDemandLoads = new OnDemandLoads(this::loadBeside, loadingThread, nanoTime);
        this.staged = new StagedVersions(repository, loader, onDemandLoads, (id) -> live.now().find(id) != null);
        this.members = new LiveMembers(repository, loader, this, nanoTime);
        this.search = new VersionSearch(repository, loader, defaultModel, live, onDemandLoads);
    }

    /**
     * Finds the version that answers a request.
     * @param name the model, or null for the default model
     * @param version null, {@code latest} or {@code production} for the version in
     * production, {@code staging}, or an exact version
     * @param deadlineNanos until when to wait for a version that must be loaded first
     * @return a lease, or the reason why there is none
     * @throws InterruptedException if the calling thread is interrupted
     */
    public Resolution resolve(@Nullable String name, @Nullable String version, long deadlineNanos)
            throws InterruptedException {
        return search.resolve((name != null) ? name : defaultModel, version, deadlineNanos);
    }

    /**
     * {@return a lease, empty if the version is not loaded; never looks at the disk}
     * @param id the version
     */
    public Optional<ModelLease> lease(ModelId id) {
        return Optional.ofNullable(live.now().find(id)).flatMap(ServedModel::lease);
    }

    /**
     * Sets the versions that stay loaded once they are, whatever else is asked for or
     * promoted; they can't be archived meanwhile.
     * @param versions all of them; those of an earlier call no longer count
     */
    public void keep(Set<ModelId> versions) {
        kept = Set.copyOf(versions);
    }

    /**
     * {@return whether a version answers requests that name none, not only its own}
     * @param id the version
     */
    public boolean isServing(ModelId id) {
        ServedModel serving = serving(id.name());
        return serving != null && serving.id().equals(id);
    }

    /** From now on loads what is in STAGING in the background, and keeps it loaded. */
    public void keepStaged() {
        staged.begin();
    }

    /**
     * Something has changed what is in STAGING, or may have.
     * @param model the name of a model
     */
    public void followStaging(String model) {
        staged.load(model);
    }

    /**
     * {@return whether a version of the model is kept loaded for an experiment}
     * @param model the name of a model
     */
    public boolean keepsAnyOf(String model) {
        return kept.stream().anyMatch((id) -> id.name().equals(model));
    }

    private boolean isInUse(ModelId id) {
        return kept.contains(id) || members.isPinned(id);
    }

    /**
     * Tells why a version must not be retired now.
     * @param id the version
     * @return a sentence on who needs it, and what to do first; empty if nobody does
     */
    public Optional<String> neededBy(ModelId id) {
        if (kept.contains(id)) {
            return Optional.of("%s answers in a running experiment; stop that first".formatted(id));
        }
        return members.needing(id)
            .map((ensemble) -> ("%s is a member of %s, which is live; promote another version in its place, "
                    + "or retire the ensemble first")
                .formatted(id, ensemble));
    }

    /**
     * {@return where the members of ensembles are found}
     */
    public LiveMembers members() {
        return members;
    }

    private void loadBeside(VersionFolder folder) throws InterruptedException {
        try {
            serveBesideOnce(members.load(folder));
            if (closed || loader.rejection(folder).isPresent()) {
                letGo(folder.id());
            }
        }
        catch (ModelLoadException ex) {
            logger.warn("{} can't be loaded in addition to the version in production: {}", folder.id(),
                    ex.getMessage());
        }
    }

    /** Of two that were loaded at the same time, the first one stays. */
    void serveBesideOnce(ServedModel model) {
        if (live.now().find(model.id()) == null) {
            serveBeside(model);
        }
        else {
            model.retire();
        }
    }

    /**
     * Its files were found unfit: what was loaded of it earlier must not answer for it.
     * @param id the version
     */
    public void letGo(ModelId id) {
        if (closed || !isInUse(id)) {
            live.change((models) -> models.withoutBeside(id));
        }
    }

    /**
     * Swaps a version in for all requests that name none.
     * @param model a version that is warm
     */
    public void serve(ServedModel model) {
        model.goLive();
        ServedModel before = serving(model.id().name());
        // One whose instances all hang is of no use in STAGING either.
        boolean isStaged = before != null && before.canAnswer() && staged.keeps(before.id());
        live.change((models) -> keepingServed(models, model.id().name(), isStaged).withServing(model)
            .withoutBeside(model.id()));
    }

    /**
     * Prepares a version for requests that name it.
     * @param model a version that is warm
     */
    public void serveBeside(ServedModel model) {
        model.goLive();
        live.change((models) -> models.withBeside(model));
        for (ModelId unused : live.now()
            .unused(keptOnDemand, model.id(), (id) -> isInUse(id) || staged.keeps(id), staged::isStaged)) {
            live.change((models) -> models.withoutBeside(unused));
        }
    }

    /**
     * Leaves a model with nothing in production; an experiment keeps its versions.
     * @param name the name of a model
     */
    public void stopServing(String name) {
        live.change((models) -> keepingServed(models, name, false).withoutServing(name));
    }

    private LiveSet keepingServed(LiveSet models, String name, boolean isStaged) {
        ServedModel served = models.serving().get(name);
        return (served != null && (isStaged || isInUse(served.id()))) ? models.withBeside(served) : models;
    }

    /** Releases all that is live; requests get {@link Resolution.NoProduction} then. */
    public void close() {
        closed = true;
        live.change((models) -> LiveSet.none());
    }

    /** Versions that no longer answer and are not closed yet, e.g. since they hang. */
    List<ServedModel> retired() {
        return live.retired();
    }

    /**
     * {@return the version that answers requests of a model that name none, or null}
     * @param name the name of a model
     */
    public @Nullable ServedModel serving(String name) {
        return live.now().serving().get(name);
    }

    /**
     * {@return the inputs of the default model's version in production, if there is one}
     */
    public Optional<List<TensorSpec>> servedByDefault() {
        return Optional.ofNullable(serving(defaultModel)).map((model) -> model.metadata().inputs());
    }

    LiveSet live() {
        return live.now();
    }

}
