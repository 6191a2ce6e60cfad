package io.modelserver.registry.load;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.modelserver.batching.BatchListener;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.DynamicBatcher;
import io.modelserver.batching.InstanceRunner;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.check.GoLiveChecks;
import io.modelserver.registry.check.ModelCheck;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.store.ServedKinds;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;

/**
 * Prepares a version for traffic: read and hashed, loaded, checked against its golden
 * samples, warmed up.
 */
public final class VersionPreparation {

    private final EngineSelector engines;

    private final BatchingPolicy policy;

    private final WarmUpPace pace;

    private final InstanceThreads threads;

    private final LongSupplier nanoTime;

    private final Executor closingThread;

    private final Supplier<? extends EnsemblePreparation.Members> members;

    /**
     * Creates what prepares versions, but no ensembles.
     * @param memory which engines were chosen before
     * @param policy how the requests of each version are batched
     * @param listener notified after each forward pass
     * @param threads which run the passes of all versions
     * @param nanoTime the clock of deadlines and durations
     * @param closingThread where versions that nobody uses any more are closed
     */
    public VersionPreparation(EngineMemory memory, BatchingPolicy policy, BatchListener listener,
            InstanceThreads threads, LongSupplier nanoTime, Executor closingThread) {
        this(memory, policy, listener, threads, nanoTime, closingThread, () -> EnsemblePreparation.Members.NONE);
    }

    /**
     * Creates what prepares versions.
     * @param memory which engines were chosen before
     * @param policy how the requests of each version are batched
     * @param listener notified after each forward pass
     * @param threads which run the passes of all versions
     * @param nanoTime the clock of deadlines and durations
     * @param closingThread where versions that nobody uses any more are closed
     * @param members where those of ensembles are found; asked when an ensemble is loaded
     */
    public VersionPreparation(EngineMemory memory, BatchingPolicy policy, BatchListener listener,
            InstanceThreads threads, LongSupplier nanoTime, Executor closingThread,
            Supplier<? extends EnsemblePreparation.Members> members) {
        this.members = members;
        this.engines = new EngineSelector(memory, nanoTime);
        this.policy = policy;
        this.pace = new WarmUpPace(listener, nanoTime);
        this.threads = threads;
        this.nanoTime = nanoTime;
        this.closingThread = closingThread;
    }

    ServedModel activate(VersionFolder folder, VersionLoad load) throws ModelLoadException, InterruptedException {
        if (folder.ensemble().isThere()) {
            return new EnsemblePreparation(members.get(), nanoTime, closingThread).activate(folder, load);
        }
        MetadataFile file = folder.completed(folder.metadata());
        try {
            return activate(folder, file, load);
        }
        catch (ModelLoadException ex) {
            throw file.explained(ex);
        }
    }

    private ServedModel activate(VersionFolder folder, MetadataFile file, VersionLoad load) throws ModelLoadException {
        ModelMetadata metadata = file.describe(folder.id());
        ServedKinds.check(metadata);
        ModelCheck check = new ModelCheck(metadata, folder.goldenSamples(metadata), file.baseline(),
                policy.maxBatchSize());
        EngineSelector.Selected selected = engines.select(folder, file, check, load);
        load.loadedFrom(folder.fileRead(selected.choice().engine()));
        LoadedModel model = selected.model();
        try {
            warmUp(selected.checks(), selected.choice(), load);
            DynamicBatcher batcher = new DynamicBatcher(metadata.id(),
                    policy.withMaxBatchSize(selected.checks().maxBatchSize()),
                    () -> new InstanceRunner(selected.checks().newInstance()), pace, threads);
            load.enter(VersionState.WARM);
            return new ServedModel(metadata, selected, batcher, load, closingThread, nanoTime);
        }
        catch (ModelLoadException | RuntimeException ex) {
            model.close();
            throw ex;
        }
    }

    /**
     * What has to get warm is the model, which its instances share: those that answer
     * requests are opened when they are needed, and an idle version has none.
     */
    private void warmUp(GoLiveChecks checks, EngineChoice choice, VersionLoad load) throws ModelLoadException {
        Runnable rest = pace.begin();
        try (ModelInstance instance = checks.newInstance()) {
            checks.warmUp(instance, choice.engine(), 1, checks.maxBatchSize(), () -> {
                load.goOn();
                rest.run();
            });
        }
    }

}
