package io.modelserver.registry.live;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.modelserver.batching.InstanceCount;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.Names;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.StageChange;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import io.modelserver.registry.store.VersionStatus;
import org.jspecify.annotations.Nullable;

/** Shows what is in the registry, what of it is live, and what is wrong with it. */
public final class RegistryOverview {

    private final RegistryFolder repository;

    private final VersionLoader loader;

    private final LiveVersions registry;

    private final Unserved unserved;

    private final String defaultModel;

    private final DiskComparison disk;

    /**
     * Creates an overview.
     * @param repository the folder
     * @param loader knows how each loading went
     * @param registry what is live
     * @param defaultModel the model of requests that name none
     */
    public RegistryOverview(RegistryFolder repository, VersionLoader loader, LiveVersions registry,
            String defaultModel) {
        this(repository, loader, registry, defaultModel,
                new DiskComparison((task) -> Thread.ofPlatform().daemon().name("compare-models").start(task)));
    }

    /**
     * Creates an overview.
     * @param repository the folder
     * @param loader knows how each loading went
     * @param registry what is live
     * @param defaultModel the model of requests that name none
     * @param disk compares what is live with what is in the folder
     */
    public RegistryOverview(RegistryFolder repository, VersionLoader loader, LiveVersions registry, String defaultModel,
            DiskComparison disk) {
        this.disk = disk;
        this.repository = repository;
        this.loader = loader;
        this.registry = registry;
        this.unserved = new Unserved(repository, loader);
        this.defaultModel = defaultModel;
    }

    /**
     * {@return the models on disk, sorted}
     */
    public List<String> models() {
        return repository.models();
    }

    /**
     * Finds a version in the folder.
     * @param name the model
     * @param version null, {@code latest} or {@code production} for the version in
     * PRODUCTION, {@code staging}, or an exact version
     * @return the version, or what is not there
     */
    public Located locate(String name, @Nullable String version) {
        return Located.in(repository, name, version);
    }

    /**
     * Lists the versions of a model.
     * @param name the model
     * @return every version on disk, then the folders whose names can't be those of
     * versions; empty if there is no such model
     */
    public List<VersionStatus> versions(String name) {
        List<VersionStatus> versions = new ArrayList<>();
        LiveSet now = registry.live();
        repository.stages(name)
            .forEach((version, stage) -> repository.version(new ModelId(name, version))
                .map((folder) -> status(folder, stage, now))
                .ifPresent(versions::add));
        repository.misnamed(name).forEach((folder) -> versions.add(misnamed(name, folder)));
        return versions;
    }

    /**
     * Describes the stages of a model's versions.
     * @param name the model
     * @return its changes, the oldest first; lines that can't be read are left out; empty
     * if there is no such model
     * @throws IOException if the history is there and can't be read
     */
    public List<StageChange> history(String name) throws IOException {
        return repository.hasModel(name) ? repository.history(name).changes() : List.of();
    }

    private static VersionStatus misnamed(String name, String folder) {
        return new VersionStatus(name, Names.shown(folder), Stage.NONE, VersionState.FOUND, null, null, Map.of(), null,
                false, null, List.of(), null, null, null, Names.problem(folder));
    }

    private VersionStatus status(VersionFolder folder, Stage stage, LiveSet now) {
        Optional<ServedModel> served = Optional.ofNullable(now.find(folder.id()));
        VersionStatus status = folder.status(stage,
                served.map(ServedModel::state).orElseGet(() -> loader.state(folder)), served.map(ServedModel::engine),
                loader.rejection(folder).orElse(null));
        return served.map((model) -> model.described(status)).orElse(status);
    }

    /**
     * {@return whether requests can be answered, and what an operator should look at}
     */
    public RegistryHealth health() {
        LiveSet now = registry.live();
        List<String> problems = new ArrayList<>();
        if (!repository.isReadable()) {
            problems.add(Unserved.NO_FOLDER);
        }
        repository.models().forEach((model) -> compareWithDisk(model, now, problems));
        now.serving().values().forEach((served) -> lookForFolder(served, problems));
        disk.begin(now.all().map(ServedModel::file).toList());
        now.all().forEach((served) -> compareWithFile(served, problems));
        now.ofFiles().forEach((served) -> lookAtInstances(served, problems));
        now.serving().values().forEach((served) -> lookForMembers(served, problems));
        registry.retired().stream().filter(LiveSet::isOfFile).forEach((retired) -> lookAtThreads(retired, problems));
        if (!now.serving().containsKey(defaultModel)) {
            problems.add("the default model: " + unserved.why(defaultModel));
        }
        return new RegistryHealth(status(now, problems), now.servingFiles().allMatch(ServedModel::canAnswer),
                now.all().map((model) -> model.id().toString()).sorted().toList(),
                problems.stream().distinct().toList());
    }

    private RegistryHealth.Status status(LiveSet now, List<String> problems) {
        ServedModel byDefault = now.serving().get(defaultModel);
        boolean canAnswer = (byDefault != null && byDefault.ensemble().isPresent())
                ? registry.members().canAnswer(byDefault) : now.servingFiles().anyMatch(ServedModel::canAnswer);
        return !canAnswer ? RegistryHealth.Status.UNHEALTHY
                : problems.isEmpty() ? RegistryHealth.Status.HEALTHY : RegistryHealth.Status.DEGRADED;
    }

    /**
     * {@return the versions whose instances run, those that drain too}
     */
    public List<RunningVersion> running() {
        return Stream.concat(registry.live().ofFiles(), registry.retired().stream().filter(LiveSet::isOfFile))
            .map((served) -> new RunningVersion(served.id(), served.state(), served.batcher().queued(),
                    served.batcher().instances()))
            .toList();
    }

    private void compareWithDisk(String model, LiveSet now, List<String> problems) {
        ServedModel served = now.serving().get(model);
        Optional<String> production = repository.inStage(model, Stage.PRODUCTION);
        if (production.isPresent() && (served == null || !served.id().version().equals(production.get()))) {
            problems.add(unserved.why(model) + ((served == null) ? "" : "; %s is served".formatted(served.id())));
        }
        else if (production.isEmpty() && served != null) {
            problems.add("%s is served, but no version is in PRODUCTION".formatted(served.id()));
        }
        List<String> claimants = repository.claimants(model);
        if (claimants.size() > 1) {
            problems.add(
                    ("several versions of model '%s' say in metadata.json that they are in PRODUCTION (%s): %s is taken, "
                            + "the newest; promote one")
                        .formatted(model, String.join(", ", claimants), claimants.getLast()));
        }
    }

    private void lookForFolder(ServedModel served, List<String> problems) {
        if (repository.isReadable() && repository.version(served.id()).isEmpty()) {
            problems.add("%s is served, but its folder is gone: a restart would not find it".formatted(served.id()));
        }
    }

    private void compareWithFile(ServedModel served, List<String> problems) {
        if (repository.version(served.id()).isPresent() && disk.hasChanged(served.file())) {
            problems.add(
                    ("%s is served as it was loaded, but %s is no longer that file on disk: reload the version, or copy "
                            + "the file that was loaded back")
                        .formatted(served.id(), served.file().name()));
        }
    }

    private void lookForMembers(ServedModel served, List<String> problems) {
        List<String> missing = served.ensemble().isPresent() ? registry.members().missing(served) : List.of();
        if (!missing.isEmpty()) {
            problems.add((registry.members().canAnswer(served) ? "%s answers without %d of its members: %s"
                    : "%s can't answer, since %d of its members are missing: %s")
                .formatted(served.id(), missing.size(), String.join("; ", missing)));
        }
    }

    private static void lookAtInstances(ServedModel served, List<String> problems) {
        InstanceCount instances = served.batcher().instances();
        if (instances.stuck() > 0) {
            problems.add("%s: %d instances hang in a forward pass, %d are left: look at the model, then restart"
                .formatted(served.id(), instances.stuck(), instances.working()));
        }
    }

    private static void lookAtThreads(ServedModel retired, List<String> problems) {
        int stuck = retired.batcher().instances().stuck();
        if (stuck > 0) {
            problems.add(
                    "%s no longer answers, but hangs in %d forward passes, each of which uses a core: restart the server"
                        .formatted(retired.id(), stuck));
        }
    }

}
