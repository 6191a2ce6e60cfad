package io.modelserver.oip;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.modelserver.engine.Engine;
import io.modelserver.model.ModelId;
import io.modelserver.model.TensorSpec;
import io.modelserver.oip.tensor.WireSpec;
import io.modelserver.oip.tensor.WireType;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryHealth;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.load.ServedModel;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.NotFound;
import io.modelserver.registry.store.VersionState;
import io.modelserver.registry.store.VersionStatus;
import io.modelserver.serving.VersionLookup;
import org.jspecify.annotations.Nullable;

/** Tells what there is, what of it can answer, and what it takes. */
public final class ModelCatalog {

    private final ServerDetails server;

    private final RegistryOverview overview;

    private final LiveVersions registry;

    private final Statistics statistics;

    private final LongSupplier nanoTime;

    private final long deadlineNanos;

    /**
     * Creates a catalog.
     * @param server what it says of itself
     * @param overview what is in the registry
     * @param registry what of it is live
     * @param statistics what versions have done
     * @param nanoTime the clock of deadlines
     * @param deadlineNanos how long to wait for a version that must be loaded first
     */
    public ModelCatalog(ServerDetails server, RegistryOverview overview, LiveVersions registry, Statistics statistics,
            LongSupplier nanoTime, long deadlineNanos) {
        this.server = server;
        this.overview = overview;
        this.registry = registry;
        this.statistics = statistics;
        this.nanoTime = nanoTime;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * {@return what the server says of itself}
     */
    public ServerDetails server() {
        return server;
    }

    /**
     * {@return whether the server works, so that a restart would not help}
     */
    public boolean isLive() {
        return overview.health().responsive();
    }

    /**
     * {@return whether there is a model that can answer}
     */
    public boolean isReady() {
        return overview.health().status() != RegistryHealth.Status.UNHEALTHY;
    }

    /**
     * Tells whether a version can answer at once.
     * @param model the model
     * @param version the version or stage; null, or empty, for the one in production
     * @return whether it can; or that there is none
     */
    public OipResult<Boolean> isReady(String model, @Nullable String version) {
        String named = emptyToNull(version);
        ServedModel serving = registry.serving(model);
        if (Stage.named(named).equals(Optional.of(Stage.PRODUCTION)) && serving != null) {
            return new OipResult.Done<>(registry.members().canAnswer(serving));
        }
        return switch (overview.locate(model, named)) {
            case Located.Version(ModelId id) -> new OipResult.Done<>(isLoaded(id));
            case Located.NoneInStage none when Stage.named(named).equals(Optional.of(Stage.PRODUCTION)) ->
                new OipResult.Done<>(false);
            case Located.NoneInStage(String name, Stage stage) -> notFound(NotFound.version(name, stage));
            case Located.NoModel(String name) -> notFound(NotFound.model(name));
            case Located.NoVersion(ModelId id) -> notFound(NotFound.version(id));
        };
    }

    private boolean isLoaded(ModelId id) {
        Optional<ModelLease> found = registry.lease(id);
        if (found.isEmpty()) {
            return false;
        }
        try (ModelLease lease = found.get()) {
            return lease.ensemble().isPresent() || lease.batcher().instances().working() > 0;
        }
    }

    /**
     * Describes a model by one of its versions, which is loaded for that if it is not.
     * @param model the model
     * @param version the version or stage; null, or empty, for the one in production
     * @return what it takes and returns, or why that is not known
     * @throws InterruptedException if the calling thread is interrupted
     */
    public OipResult<ModelDetails> describe(String model, @Nullable String version) throws InterruptedException {
        String named = emptyToNull(version);
        return switch (registry.resolve(model, named, nanoTime.getAsLong() + deadlineNanos)) {
            case Resolution.Found(ModelLease lease) -> {
                try (lease) {
                    yield new OipResult.Done<>(details(lease,
                            (named == null) ? versions(model) : List.of(lease.metadata().id().version())));
                }
            }
            case Resolution.Unresolved unresolved -> {
                VersionLookup.Missing missing = VersionLookup.Missing.of(unresolved);
                yield new OipResult.Refused<>(OipStatus.of(missing.reason()), missing.detail());
            }
        };
    }

    private List<String> versions(String model) {
        return overview.versions(model)
            .stream()
            .filter((status) -> status.error() == null)
            .map(VersionStatus::version)
            .toList();
    }

    private static ModelDetails details(ModelLease lease, List<String> versions) {
        List<WireSpec> outputs = new ArrayList<>();
        if (lease.ensemble().isPresent()) {
            AnswerTensors.ofEnsembles()
                .forEach((name, datatype) -> outputs
                    .add(new WireSpec(name, WireType.of(datatype), List.of(TensorSpec.FREE, 1))));
        }
        lease.returned()
            .forEach((output) -> outputs
                .add(new WireSpec(output.name(), WireType.of(output.datatype()), batched(output.shape()))));
        List<WireSpec> inputs = lease.metadata()
            .inputs()
            .stream()
            .map((input) -> new WireSpec(input.name(), WireType.of(input.datatype()), batched(input.shape())))
            .toList();
        String platform = lease.engine().engine().map(Engine::format).map(ModelCatalog::platform).orElse("ensemble");
        return new ModelDetails(lease.metadata().id().name(), versions, platform, inputs, outputs);
    }

    /** The protocol has names for these formats. */
    private static String platform(String format) {
        return switch (format) {
            case "ONNX" -> "onnx_onnxv1";
            case "TorchScript" -> "pytorch_torchscript";
            default -> format;
        };
    }

    private static List<Integer> batched(List<Integer> shape) {
        return Stream.concat(Stream.of(TensorSpec.FREE), shape.stream()).toList();
    }

    /**
     * Lists all versions.
     * @param readyOnly whether to leave out those that can't answer at once
     * @return sorted by their models
     */
    public List<IndexEntry> index(boolean readyOnly) {
        return overview.models()
            .stream()
            .flatMap((model) -> overview.versions(model).stream())
            .map(ModelCatalog::entry)
            .filter((entry) -> !readyOnly || entry.state() == IndexEntry.State.READY)
            .toList();
    }

    private static IndexEntry entry(VersionStatus status) {
        IndexEntry.State state = switch (status.state()) {
            case LIVE -> IndexEntry.State.READY;
            case CHECKED, LOADED, VERIFIED, WARM -> IndexEntry.State.LOADING;
            case DRAINING -> IndexEntry.State.UNLOADING;
            case FOUND, CLOSED, REJECTED -> IndexEntry.State.UNAVAILABLE;
        };
        String reason = (status.error() != null) ? status.error()
                : (state == IndexEntry.State.UNAVAILABLE) ? "not loaded" : "";
        return new IndexEntry(new ModelId(status.name(), status.version()), state, reason);
    }

    /**
     * Tells what versions have done.
     * @param model the model; null, or empty, for all
     * @param version the version or stage; null, or empty, for all of the model
     * @return one entry per version that is loaded, or that was asked for
     */
    public OipResult<List<VersionStatistics>> statistics(@Nullable String model, @Nullable String version) {
        String name = emptyToNull(model);
        String named = emptyToNull(version);
        if (name == null) {
            return new OipResult.Done<>(overview.models().stream().flatMap(this::ofLoaded).toList());
        }
        if (named == null && overview.models().contains(name)) {
            return new OipResult.Done<>(ofLoaded(name).toList());
        }
        return switch (overview.locate(name, named)) {
            case Located.Version(ModelId id) -> new OipResult.Done<>(List.of(statistics.of(id)));
            case Located.NoneInStage(String of, Stage stage) -> notFound(NotFound.version(of, stage));
            case Located.NoModel(String of) -> notFound(NotFound.model(of));
            case Located.NoVersion(ModelId id) -> notFound(NotFound.version(id));
        };
    }

    private Stream<VersionStatistics> ofLoaded(String model) {
        return overview.versions(model)
            .stream()
            .filter((status) -> status.state() == VersionState.LIVE)
            .map((status) -> statistics.of(new ModelId(status.name(), status.version())));
    }

    private static <T> OipResult<T> notFound(String message) {
        return new OipResult.Refused<>(OipStatus.NOT_FOUND, message);
    }

    private static @Nullable String emptyToNull(@Nullable String text) {
        return (text == null || text.isEmpty()) ? null : text;
    }

}
