package io.modelserver.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import io.modelserver.inference.ModelId;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.TensorSpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of the registry is live. A request for the version in production costs one
 * volatile read and one counter; a version that is asked for by name is loaded when it is
 * first asked for, and a few of those are kept.
 */
public final class ModelRegistry {

    private static final Logger logger = LoggerFactory.getLogger(ModelRegistry.class);

    private static final String NO_FOLDER = "the registry folder is missing or can't be read: start the server from the "
            + "folder that holds models/, or set modelserver.registry.path";

    private final ModelRepository repository;

    private final ModelActivator activator;

    private final String defaultModel;

    private final int keptOnDemand;

    private final Map<ModelId, Rejection> rejections = new ConcurrentHashMap<>();

    private final OnDemandLoads onDemandLoads;

    private volatile LiveModels live = LiveModels.none();

    /**
     * Makes a registry in which nothing is live yet.
     * @param repository the folder
     * @param activator makes versions ready
     * @param defaultModel the model of requests that name none
     * @param keptOnDemand how many versions that were asked for by name stay loaded
     * @param loadingThread where they are loaded
     * @param nanoTime the clock of deadlines
     */
    public ModelRegistry(ModelRepository repository, ModelActivator activator, String defaultModel, int keptOnDemand,
            Executor loadingThread, LongSupplier nanoTime) {
        this.repository = repository;
        this.activator = activator;
        this.defaultModel = defaultModel;
        this.keptOnDemand = keptOnDemand;
        this.onDemandLoads = new OnDemandLoads(this::loadBeside, loadingThread, nanoTime);
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
        String model = (name != null) ? name : defaultModel;
        if (version == null || version.equals("production") || version.equals("latest")) {
            return production(model);
        }
        boolean exact = !version.equals("staging");
        if (!repository.hasModel(model) && !(exact && live.find(new ModelId(model, version)) != null)) {
            return new Resolution.ModelNotFound(model);
        }
        if (exact) {
            return exactly(new ModelId(model, version), deadlineNanos);
        }
        Optional<String> staged = repository.inStage(model, Stage.STAGING);
        return staged.isPresent() ? exactly(new ModelId(model, staged.get()), deadlineNanos)
                : new Resolution.VersionNotFound(new ModelId(model, version));
    }

    private Resolution production(String model) {
        ServedModel served = live.serving().get(model);
        while (served != null) {
            Optional<ModelLease> lease = served.lease();
            if (lease.isPresent()) {
                return new Resolution.Found(lease.get());
            }
            served = live.serving().get(model);
        }
        if (!repository.hasModel(model) && !model.equals(defaultModel)) {
            return new Resolution.ModelNotFound(model);
        }
        return new Resolution.NoProduction(model, whyNotServed(model));
    }

    private Resolution exactly(ModelId id, long deadlineNanos) throws InterruptedException {
        Optional<VersionFolder> folder = repository.version(id);
        while (true) {
            ServedModel served = live.find(id);
            Optional<ModelLease> lease = (served != null) ? served.lease() : Optional.empty();
            if (lease.isPresent()) {
                return new Resolution.Found(lease.get());
            }
            if (folder.isEmpty()) {
                return new Resolution.VersionNotFound(id);
            }
            Optional<String> rejection = rejection(folder.get());
            if (rejection.isPresent()) {
                return new Resolution.Rejected(id, rejection.get());
            }
            if (!onDemandLoads.isDoneBy(deadlineNanos, folder.get())) {
                return new Resolution.StillLoading(id);
            }
        }
    }

    private void loadBeside(VersionFolder folder) throws InterruptedException {
        try {
            ServedModel model = activate(folder);
            if (live.find(folder.id()) == null) {
                serveBeside(model);
            }
            else {
                model.retire();
            }
        }
        catch (ModelLoadException ex) {
            logger.warn("{} was asked for by name and is rejected: {}", folder.id(), ex.getMessage());
        }
    }

    /** Makes a version ready and remembers why if it can't be. */
    ServedModel activate(VersionFolder folder) throws ModelLoadException, InterruptedException {
        String fingerprint = folder.fingerprint();
        try {
            ServedModel model = activator.activate(folder);
            rejections.remove(folder.id());
            return model;
        }
        catch (ModelLoadException ex) {
            rejections.put(folder.id(), new Rejection(fingerprint, String.valueOf(ex.getMessage())));
            throw ex;
        }
    }

    /** Swaps a version in for all requests that name none. */
    void serve(ServedModel model) {
        LiveModels before = replace((models) -> models.withServing(model).withoutBeside(model.id()));
        retire(before.serving().get(model.id().name()));
        retire(before.beside().get(model.id()));
    }

    /** Makes a version ready for requests that name it. */
    void serveBeside(ServedModel model) {
        LiveModels before = replace((models) -> models.withBeside(model));
        retire(before.beside().get(model.id()));
        while (live.beside().size() > keptOnDemand) {
            ModelId unused = longestUnused(model.id());
            retire(replace((models) -> models.withoutBeside(unused)).beside().get(unused));
        }
    }

    /** Versions in STAGING stay as long as there are others. */
    private ModelId longestUnused(ModelId newest) {
        return live.beside()
            .values()
            .stream()
            .filter((model) -> !model.id().equals(newest))
            .min(Comparator.comparing(this::isStaged).thenComparingLong(ServedModel::lastUseNanos))
            .map(ServedModel::id)
            .orElse(newest);
    }

    private boolean isStaged(ServedModel model) {
        return repository.inStage(model.id().name(), Stage.STAGING).filter(model.id().version()::equals).isPresent();
    }

    void stopServing(String name) {
        retire(replace((models) -> models.withoutServing(name)).serving().get(name));
    }

    /**
     * Lets go of everything that is live; requests are answered with
     * {@link Resolution.NoProduction} afterwards.
     */
    public void close() {
        replace((models) -> LiveModels.none()).all().forEach(ServedModel::retire);
    }

    private synchronized LiveModels replace(UnaryOperator<LiveModels> change) {
        LiveModels before = live;
        live = change.apply(before);
        return before;
    }

    private static void retire(@Nullable ServedModel model) {
        if (model != null) {
            model.retire();
        }
    }

    @Nullable ServedModel serving(String name) {
        return live.serving().get(name);
    }

    /**
     * {@return the inputs of the version that answers requests which name no model; empty
     * if there is none}
     */
    public Optional<List<TensorSpec>> servedByDefault() {
        return Optional.ofNullable(serving(defaultModel)).map((model) -> model.metadata().inputs());
    }

    /**
     * {@return the models on disk, sorted}
     */
    public List<String> models() {
        return repository.models();
    }

    /**
     * Lists the versions of a model.
     * @param name the model
     * @return every version on disk; empty if there is no such model
     */
    public List<VersionStatus> versions(String name) {
        List<VersionStatus> versions = new ArrayList<>();
        repository.stages(name)
            .forEach((version, stage) -> repository.version(new ModelId(name, version))
                .map((folder) -> status(folder, stage))
                .ifPresent(versions::add));
        return versions;
    }

    private VersionStatus status(VersionFolder folder, Stage stage) {
        Optional<EngineChoice> engine = Optional.ofNullable(live.find(folder.id())).map(ServedModel::engine);
        return folder.status(stage, engine, rejection(folder).orElse(null));
    }

    /**
     * {@return why the version was refused, empty if it was not or its files have changed
     * since}
     */
    private Optional<String> rejection(VersionFolder folder) {
        Rejection rejection = rejections.get(folder.id());
        return (rejection != null && rejection.fingerprint().equals(folder.fingerprint()))
                ? Optional.of(rejection.reason()) : Optional.empty();
    }

    /**
     * {@return whether requests can be answered, and what an operator should look at}
     */
    public RegistryHealth health() {
        LiveModels now = live;
        List<String> problems = new ArrayList<>();
        if (!repository.isReadable()) {
            problems.add(NO_FOLDER);
        }
        for (String model : repository.models()) {
            ServedModel served = now.serving().get(model);
            Optional<String> production = repository.inStage(model, Stage.PRODUCTION);
            if (production.isPresent() && (served == null || !served.id().version().equals(production.get()))) {
                problems.add(whyNotServed(model) + ((served == null) ? "" : "; %s is served".formatted(served.id())));
            }
            else if (production.isEmpty() && served != null) {
                problems.add("%s is served, but no version is in PRODUCTION".formatted(served.id()));
            }
        }
        for (ServedModel served : now.serving().values()) {
            if (repository.isReadable() && repository.version(served.id()).isEmpty()) {
                problems
                    .add("%s is served, but its folder is gone: a restart would not find it".formatted(served.id()));
            }
        }
        if (!now.serving().containsKey(defaultModel)) {
            problems.add("the default model: " + whyNotServed(defaultModel));
        }
        RegistryHealth.Status status = now.serving().isEmpty() ? RegistryHealth.Status.UNHEALTHY
                : problems.isEmpty() ? RegistryHealth.Status.HEALTHY : RegistryHealth.Status.DEGRADED;
        return new RegistryHealth(status, now.all().map((model) -> model.id().toString()).sorted().toList(),
                problems.stream().distinct().toList());
    }

    private String whyNotServed(String model) {
        if (!repository.isReadable()) {
            return NO_FOLDER;
        }
        Optional<String> production = repository.hasModel(model) ? repository.inStage(model, Stage.PRODUCTION)
                : Optional.empty();
        if (production.isEmpty()) {
            return ("model '%s' has no version in PRODUCTION: promote one with POST "
                    + "/api/ml/models/%s/versions/{version}/stage, or train one with tools/train_model.py --promote "
                    + "production and reload")
                .formatted(model, model);
        }
        ModelId id = new ModelId(model, production.get());
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            return "'%s' is marked as PRODUCTION of model '%s', but there is no such version".formatted(id.version(),
                    model);
        }
        return rejection(folder.get())
            .map((reason) -> "version '%s' of model '%s' is in PRODUCTION but was rejected: %s".formatted(id.version(),
                    model, reason))
            .orElse("version '%s' of model '%s' is in PRODUCTION but not loaded: POST /api/ml/models/%s/reload loads it"
                .formatted(id.version(), model, model));
    }

    /**
     * Why a version was refused, and the files it was refused with.
     *
     * @param fingerprint of the version's files when they were read
     * @param reason for an operator
     */
    private record Rejection(String fingerprint, String reason) {
    }

}
