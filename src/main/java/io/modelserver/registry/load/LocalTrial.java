package io.modelserver.registry.load;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;

/**
 * Tries versions in this process, all the way that they would go to be live, with every
 * file that might be loaded: what a process that {@link ChildTrial} starts does.
 */
public final class LocalTrial implements VersionTrial {

    private final RegistryFolder repository;

    private final BatchingPolicy policy;

    private final LongSupplier nanoTime;

    /**
     * Creates a trial.
     * @param repository the folder
     * @param policy how the requests of each version are batched
     * @param nanoTime the clock of durations
     */
    public LocalTrial(RegistryFolder repository, BatchingPolicy policy, LongSupplier nanoTime) {
        this.repository = repository;
        this.policy = policy;
        this.nanoTime = nanoTime;
    }

    @Override
    public Map<String, String> run(ModelId id) throws ModelLoadException, InterruptedException {
        Optional<VersionFolder> folder = repository.version(id);
        if (folder.isEmpty()) {
            throw new ModelLoadException("there is no such version");
        }
        Executor closing = Runnable::run;
        VersionPreparation activator = new VersionPreparation(EngineMemory.none(), policy,
                (model, batchSize, computeNanos) -> {
                }, new InstanceThreads(policy.instances(), nanoTime), nanoTime, closing);
        activator.activate(folder.get(), new VersionLoad(id, folder.get().fingerprint())).retire();
        return folder.get().digestsRead();
    }

    /**
     * Tries one version and prints the result.
     * @param id the version
     * @param out read by {@link ChildTrial}
     * @throws InterruptedException if the calling thread is interrupted
     */
    public void print(ModelId id, PrintStream out) throws InterruptedException {
        try {
            TrialOutcome.tried(run(id)).forEach(out::println);
        }
        catch (ModelLoadException ex) {
            out.println(TrialOutcome.refused(String.valueOf(ex.getMessage())));
        }
    }

}
