package io.modelserver.registry.live;

import java.util.Objects;
import java.util.Optional;

import io.modelserver.model.ModelId;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import org.jspecify.annotations.Nullable;

/** Finds the version that answers a request, and has it loaded if it is not yet. */
final class VersionSearch {

    private final RegistryFolder repository;

    private final VersionLoader loader;

    private final String defaultModel;

    private final Succession live;

    private final OnDemandLoads onDemandLoads;

    VersionSearch(RegistryFolder repository, VersionLoader loader, String defaultModel, Succession live,
            OnDemandLoads onDemandLoads) {
        this.repository = repository;
        this.loader = loader;
        this.defaultModel = defaultModel;
        this.live = live;
        this.onDemandLoads = onDemandLoads;
    }

    Resolution resolve(String model, @Nullable String version, long deadlineNanos) throws InterruptedException {
        Optional<Stage> stage = Stage.named(version);
        if (stage.equals(Optional.of(Stage.PRODUCTION))) {
            return production(model);
        }
        ModelId named = new ModelId(model, Objects.requireNonNull(version));
        if (stage.isEmpty() && live.now().find(named) != null) {
            // It answers even if its folder is gone.
            return exactly(named, deadlineNanos);
        }
        return switch (Located.in(repository, model, version)) {
            case Located.NoModel none -> new Resolution.ModelNotFound(none.model());
            case Located.NoneInStage none -> new Resolution.VersionNotFound(named);
            case Located.NoVersion(ModelId id) -> exactly(id, deadlineNanos);
            case Located.Version(ModelId id) -> exactly(id, deadlineNanos);
        };
    }

    private Resolution production(String model) {
        ServedModel served = live.now().serving().get(model);
        while (served != null) {
            Optional<ModelLease> lease = served.lease();
            if (lease.isPresent()) {
                return new Resolution.Found(lease.get());
            }
            served = live.now().serving().get(model);
        }
        if (!repository.hasModel(model) && !model.equals(defaultModel)) {
            return new Resolution.ModelNotFound(model);
        }
        return new Resolution.NoProduction(model, new Unserved(repository, loader).why(model));
    }

    private Resolution exactly(ModelId id, long deadlineNanos) throws InterruptedException {
        Optional<ModelLease> loaded = lease(id);
        if (loaded.isPresent()) {
            return new Resolution.Found(loaded.get());
        }
        Optional<VersionFolder> folder = repository.version(id);
        while (true) {
            Optional<ModelLease> lease = lease(id);
            if (lease.isPresent()) {
                return new Resolution.Found(lease.get());
            }
            if (folder.isEmpty()) {
                return new Resolution.VersionNotFound(id);
            }
            Optional<String> rejection = loader.rejection(folder.get());
            if (rejection.isPresent()) {
                return new Resolution.Rejected(id, rejection.get());
            }
            if (!onDemandLoads.isDoneBy(deadlineNanos, folder.get())) {
                return new Resolution.StillLoading(id);
            }
        }
    }

    private Optional<ModelLease> lease(ModelId id) {
        return Optional.ofNullable(live.now().find(id)).flatMap(ServedModel::lease);
    }

}
