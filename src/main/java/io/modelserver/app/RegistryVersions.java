package io.modelserver.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.modelserver.experiment.conduct.ModelVersions;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.stage.ChangeResult;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.NotFound;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of the registry, for experiments. Experiments know no registry, and the
 * registry knows no experiments.
 */
final class RegistryVersions implements ModelVersions {

    private static final Logger logger = LoggerFactory.getLogger(RegistryVersions.class);

    private final LiveVersions registry;

    private final Promotions lifecycle;

    private final LongSupplier nanoTime;

    private final long patienceNanos;

    private final Set<ModelId> missing = ConcurrentHashMap.newKeySet();

    /**
     * Creates the port.
     * @param registry what is live
     * @param lifecycle changes what is live
     * @param nanoTime the clock of deadlines
     * @param patienceNanos how long the loading of one version is waited for
     */
    RegistryVersions(LiveVersions registry, Promotions lifecycle, LongSupplier nanoTime, long patienceNanos) {
        this.registry = registry;
        this.lifecycle = lifecycle;
        this.nanoTime = nanoTime;
        this.patienceNanos = patienceNanos;
    }

    @Override
    public Preparation prepare(List<ModelId> versions) throws InterruptedException {
        List<ModelMetadata> loaded = new ArrayList<>();
        for (ModelId id : versions) {
            switch (resolve(id)) {
                case Resolution.Found(ModelLease lease) -> {
                    loaded.add(lease.metadata());
                    lease.close();
                }
                case Resolution.ModelNotFound(String name) -> {
                    return new Preparation.Missing(id);
                }
                case Resolution.VersionNotFound(ModelId missing) -> {
                    return new Preparation.Missing(id);
                }
                case Resolution.NoProduction(String name, String reason) -> {
                    return new Preparation.Missing(id);
                }
                case Resolution.Rejected(ModelId rejected, String reason) -> {
                    return new Preparation.Unfit(id, reason);
                }
                case Resolution.StillLoading(ModelId loading) -> {
                    return new Preparation.Unfit(id, "it is still being loaded, try again");
                }
            }
        }
        return loaded.stream()
            .filter((metadata) -> !metadata.takesTheSameAs(loaded.getFirst()))
            .findFirst()
            .map((other) -> different(loaded.getFirst(), other))
            .orElseGet(Preparation.Ready::new);
    }

    private static Preparation different(ModelMetadata first, ModelMetadata other) {
        if (first.missingAllowed() != other.missingAllowed()) {
            ModelMetadata allowing = first.missingAllowed() ? first : other;
            return new Preparation.Incomparable(
                    "variants must take the same requests, but values may be missing for %s only (\"missing\" in its metadata.json)"
                        .formatted(allowing.id()));
        }
        boolean inputs = !first.inputs().equals(other.inputs());
        return new Preparation.Incomparable("variants must take the same requests, but the %s of %s are %s, of %s %s"
            .formatted(inputs ? "inputs" : "feature_names", first.id(),
                    inputs ? described(first) : first.featureNames().names(), other.id(),
                    inputs ? described(other) : other.featureNames().names()));
    }

    private static List<String> described(ModelMetadata metadata) {
        return metadata.inputs()
            .stream()
            .map((input) -> "%s %s of %s".formatted(input.name(), input.shape(), input.datatype()))
            .toList();
    }

    @Override
    public void keep(Set<ModelId> versions) throws InterruptedException {
        registry.keep(versions);
        for (ModelId id : versions) {
            Optional<ModelLease> live = registry.lease(id);
            if (live.isPresent()) {
                live.get().close();
            }
            else if (resolve(id) instanceof Resolution.Found(ModelLease lease)) {
                logger.info("{} is loaded for an experiment", id);
                missing.remove(id);
                lease.close();
            }
            else if (missing.add(id)) {
                logger.warn("{} answers in an experiment and can't be loaded", id);
            }
        }
    }

    private Resolution resolve(ModelId id) throws InterruptedException {
        return registry.resolve(id.name(), id.version(), nanoTime.getAsLong() + patienceNanos);
    }

    @Override
    public Optional<String> promote(ModelId version, String experiment, String reason) throws InterruptedException {
        if (registry.isServing(version)) {
            return Optional.empty();
        }
        ChangeAuthor author = new ChangeAuthor("experiment " + experiment, reason);
        return switch (lifecycle.changeStage(version, Stage.PRODUCTION, author)) {
            case ChangeResult.Done done -> Optional.empty();
            case ChangeResult.ModelNotFound(String name) -> Optional.of(NotFound.model(name));
            case ChangeResult.VersionNotFound(ModelId id) -> Optional.of("%s is gone".formatted(id));
            case ChangeResult.Rejected(ModelId id, String why) -> Optional.of(why);
            case ChangeResult.Conflict(String why) -> Optional.of(why);
            case ChangeResult.NotStored(String why) -> Optional.of(why);
        };
    }

}
