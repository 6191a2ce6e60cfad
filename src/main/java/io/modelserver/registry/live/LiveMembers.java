package io.modelserver.registry.live;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.load.EnsemblePreparation.Members;
import io.modelserver.registry.load.EnsemblePreparation.Sought;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The members of ensembles among what is live. Members that are exact versions are loaded
 * before their ensemble and stay loaded as long as it is.
 */
public final class LiveMembers implements Members {

    private static final Logger logger = LoggerFactory.getLogger(LiveMembers.class);

    private final RegistryFolder repository;

    private final VersionLoader loader;

    private final LiveVersions registry;

    private final LongSupplier nanoTime;

    /** Members of ensembles that are just being loaded. */
    private final Set<ModelId> awaited = ConcurrentHashMap.newKeySet();

    LiveMembers(RegistryFolder repository, VersionLoader loader, LiveVersions registry, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.repository = repository;
        this.loader = loader;
        this.registry = registry;
    }

    @Override
    public Sought find(Ensemble.Member member) throws InterruptedException {
        return switch (registry.resolve(member.model(), member.address(), nanoTime.getAsLong())) {
            case Resolution.Found found -> new Sought.Found(found.lease());
            case Resolution.Unresolved unresolved -> new Sought.Missing(unresolved.describe());
        };
    }

    @Override
    public Optional<VersionFolder> folder(Ensemble.Member member) {
        return (Located.in(repository, member.model(), member.address()) instanceof Located.Version(ModelId id))
                ? repository.version(id) : Optional.empty();
    }

    @Override
    public boolean isInProduction(ModelId version) {
        return repository.marked(version.name()).isProduction(version.version());
    }

    /**
     * Loads a version, before that what it consists of; no lock is held meanwhile.
     * @param folder the version
     * @return the version, which is not live yet
     * @throws ModelLoadException if it is rejected
     * @throws InterruptedException if the calling thread is interrupted
     */
    public ServedModel load(VersionFolder folder) throws ModelLoadException, InterruptedException {
        if (!folder.ensemble().isThere()) {
            return loader.load(folder);
        }
        Set<ModelId> pinned = new LinkedHashSet<>();
        collect(folder, pinned, new HashSet<>());
        awaited.addAll(pinned);
        try {
            for (ModelId id : pinned) {
                loadMember(id, folder.id());
            }
            return loader.load(folder);
        }
        finally {
            awaited.removeAll(pinned);
        }
    }

    /** The innermost come first. */
    private void collect(VersionFolder folder, Set<ModelId> pinned, Set<ModelId> seen) {
        if (!folder.ensemble().isThere() || !seen.add(folder.id())) {
            return;
        }
        for (Ensemble.Member member : members(folder)) {
            Optional<VersionFolder> of = folder(member);
            of.ifPresent((inner) -> collect(inner, pinned, seen));
            if (of.isPresent() && member.version() != null) {
                pinned.add(of.get().id());
            }
        }
    }

    private static List<Ensemble.Member> members(VersionFolder folder) {
        try {
            return folder.ensemble().read().ensemble().members();
        }
        catch (ModelLoadException ex) {
            logger.debug("{} is no ensemble that could be loaded", folder.id(), ex);
            return List.of();
        }
    }

    private void loadMember(ModelId id, ModelId ensemble) throws InterruptedException {
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty() || registry.live().find(id) != null) {
            return;
        }
        try {
            registry.serveBesideOnce(loader.load(folder.get()));
            logger.info("{} is loaded as a member of {}", id, ensemble);
        }
        catch (ModelLoadException ex) {
            logger.warn("{}, a member of {}, can't be loaded: {}", id, ensemble, ex.getMessage());
        }
    }

    /**
     * {@return whether a live ensemble, or one that is just being loaded, consists of
     * this very version}
     */
    boolean isPinned(ModelId id) {
        return awaited.contains(id)
                || ensembles().anyMatch((served) -> ensembleOf(served).pins(id.name(), id.version()));
    }

    /**
     * Finds a live ensemble that would lose a member if a version were taken away.
     * @param id the version
     * @return the ensemble, empty if there is none
     */
    Optional<ModelId> needing(ModelId id) {
        return ensembles().filter((served) -> !served.id().equals(id)).filter((served) -> {
            Ensemble ensemble = ensembleOf(served);
            return ensemble.pins(id.name(), id.version()) || Stream.of(Stage.PRODUCTION, Stage.STAGING)
                .anyMatch((stage) -> ensemble.follows(id.name(), stage) && isIn(stage, id));
        }).map(ServedModel::id).min(Comparator.comparing(ModelId::toString));
    }

    private boolean isIn(Stage stage, ModelId id) {
        return repository.inStage(id.name(), stage).filter(id.version()::equals).isPresent();
    }

    private Stream<ServedModel> ensembles() {
        return registry.live().all().filter((served) -> served.ensemble().isPresent());
    }

    private static Ensemble ensembleOf(ServedModel served) {
        return served.ensemble().orElseThrow();
    }

    /**
     * Sorts models so that each comes after those that the version of it in PRODUCTION
     * consists of.
     * @param models their names
     * @return the same names
     */
    public List<String> membersFirst(List<String> models) {
        Set<String> ordered = new LinkedHashSet<>();
        models.forEach((model) -> append(model, ordered, new HashSet<>()));
        ordered.retainAll(new HashSet<>(models));
        return new ArrayList<>(ordered);
    }

    private void append(String model, Set<String> ordered, Set<String> above) {
        if (ordered.contains(model) || !above.add(model)) {
            return;
        }
        Optional<VersionFolder> folder = folder(new Ensemble.Member(model, model, null, Stage.PRODUCTION, 1));
        if (folder.isPresent() && folder.get().ensemble().isThere()) {
            members(folder.get()).forEach((member) -> append(member.model(), ordered, above));
        }
        ordered.add(model);
    }

    /**
     * Looks for members of the ensembles in PRODUCTION that can't answer.
     * @param served an ensemble
     * @return why, one sentence for each
     */
    List<String> missing(ServedModel served) {
        List<String> missing = new ArrayList<>();
        for (Ensemble.Member member : ensembleOf(served).members()) {
            String reason = whyMissing(member);
            if (reason != null) {
                missing.add("%s: %s".formatted(member.name(), reason));
            }
        }
        return missing;
    }

    private @Nullable String whyMissing(Ensemble.Member member) {
        try {
            return switch (find(member)) {
                case Sought.Found found -> {
                    try (var lease = found.lease()) {
                        yield canAnswer(lease.metadata().id()) ? null : "it can't answer";
                    }
                }
                case Sought.Missing(String reason) -> reason;
            };
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return "the search for it was interrupted";
        }
    }

    private boolean canAnswer(ModelId id) {
        ServedModel served = registry.live().find(id);
        return served != null && canAnswer(served);
    }

    /**
     * {@return whether a version can answer: it has an instance that does not hang, or as
     * many members as it needs}
     * @param served the version
     */
    public boolean canAnswer(ServedModel served) {
        return served.ensemble()
            .map((ensemble) -> ensemble.members().size() - missing(served).size() >= ensemble.minMembers())
            .orElseGet(served::canAnswer);
    }

}
