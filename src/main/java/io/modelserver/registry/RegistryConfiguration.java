package io.modelserver.registry;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchListener;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.batching.BatchingProperties;
import io.modelserver.batching.InstanceThreads;
import io.modelserver.drift.BaselineSource;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.engine.Engines;
import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.lifecycle.Phased;
import io.modelserver.lifecycle.Phases;
import io.modelserver.registry.live.DefaultModel;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.SampleInputs;
import io.modelserver.registry.live.TrainingStatistics;
import io.modelserver.registry.load.EngineMemory;
import io.modelserver.registry.load.LoadJournal;
import io.modelserver.registry.load.LoadListener;
import io.modelserver.registry.load.VersionLoader;
import io.modelserver.registry.load.VersionPreparation;
import io.modelserver.registry.load.VersionTrial;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.registry.stage.RegistryWatcher;
import io.modelserver.registry.stage.StageListener;
import io.modelserver.registry.store.CompleteVersions;
import io.modelserver.registry.store.RegistryFolder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what loads versions and serves them. */
@Configuration(proxyBeanMethods = false)
public class RegistryConfiguration {

    private static final Duration LONGEST_WATCH = Duration.ofSeconds(1);

    private final RegistryProperties registry;

    private final InferenceProperties inference;

    private final String defaultModel;

    private final LongSupplier nanoTime;

    RegistryConfiguration(RegistryProperties registry, InferenceProperties inference, DefaultModel defaultModel,
            LongSupplier nanoTime) {
        this.registry = registry;
        this.inference = inference;
        this.defaultModel = defaultModel.name();
        this.nanoTime = nanoTime;
    }

    @Bean
    RegistryFolder modelRepository(Engines engines, Clock clock) {
        long largestModelBytes = registry.maxModelSize().toBytes();
        return registry.watch()
                ? new RegistryFolder(registry.path(), largestModelBytes, engines,
                        new CompleteVersions(registry.settle(), clock, nanoTime))
                : new RegistryFolder(registry.path(), largestModelBytes, engines);
    }

    /**
     * Closing waits for forward passes, so a thread of its own does it, one model after
     * the other.
     */
    @Bean(destroyMethod = "close")
    ExecutorService closingThread() {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("model-close").factory());
    }

    /**
     * One version at a time, so that asking for many by name can't fill the memory with
     * loads.
     */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService loadingThread() {
        return Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("model-load").factory());
    }

    @Bean
    BatchingPolicy batchingPolicy(BatchingProperties batching) {
        return new BatchingPolicy(inference.instancesOrCores(), batching.maxBatchSize(), batching.queueCapacity(),
                batching.maxQueueDelay().toNanos(), inference.longestPass().toNanos());
    }

    @Bean(destroyMethod = "close")
    InstanceThreads instanceThreads() {
        return new InstanceThreads(inference.threadsOrCores(), nanoTime);
    }

    @Bean
    VersionPreparation modelActivator(BatchingPolicy policy, List<BatchListener> listeners, InstanceThreads threads,
            ExecutorService closingThread, ObjectProvider<LiveVersions> live) {
        return new VersionPreparation(new EngineMemory(inference.engineMemory()), policy, BatchListener.all(listeners),
                threads, nanoTime, closingThread, () -> live.getObject().members());
    }

    @Bean(destroyMethod = "close")
    VersionLoader versionLoader(VersionPreparation activator, VersionTrial trial, List<LoadListener> listeners) {
        return new VersionLoader(activator, trial, registry.trial(), new LoadJournal(registry.loadJournal()),
                registry.loadLimit(), LoadListener.all(listeners), nanoTime);
    }

    @Bean(destroyMethod = "close")
    LiveVersions modelRegistry(RegistryFolder repository, VersionLoader loader, ExecutorService loadingThread) {
        return new LiveVersions(repository, loader, defaultModel, registry.keptOnDemand(), loadingThread, nanoTime);
    }

    @Bean
    Promotions modelLifecycle(RegistryFolder repository, VersionLoader loader, LiveVersions live, Clock clock,
            List<StageListener> listeners) {
        return new Promotions(repository, loader, live, clock, nanoTime, StageListener.all(listeners));
    }

    @Bean
    RegistryOverview registryOverview(RegistryFolder repository, VersionLoader loader, LiveVersions live) {
        return new RegistryOverview(repository, loader, live, defaultModel);
    }

    @Bean
    BaselineSource trainingStatistics(RegistryFolder repository) {
        return new TrainingStatistics(repository);
    }

    @Bean
    SampleInputs sampleInputs(RegistryFolder repository, VersionLoader loader, LiveVersions live) {
        return new SampleInputs(repository, loader, live);
    }

    /** What was seen of a version says nothing of the files that replace it. */
    @Bean
    LoadListener samplesOfFormerFiles(DriftMonitor drift) {
        return (id, ready, nanos) -> drift.forget(id);
    }

    @Bean
    Phased modelStartup(Promotions lifecycle, RegistryOverview overview) {
        ModelStartup startup = new ModelStartup(lifecycle, overview, registry.path().toAbsolutePath());
        return new Phased(Phases.MODELS, startup::await);
    }

    /** Not for a process that ends when it is ready. */
    @Bean
    @ConditionalOnBooleanProperty(name = "modelserver.warm-up.then-exit", havingValue = false, matchIfMissing = true)
    Phased stagingStartup(LiveVersions live) {
        return new Phased(Phases.STAGING, registry.keepStaging() ? live::keepStaged : () -> {
        });
    }

    @Bean
    @ConditionalOnProperty("modelserver.registry.watch")
    PeriodicTask registryWatch(RegistryFolder repository, VersionLoader loader, LiveVersions live,
            Promotions lifecycle) {
        return new PeriodicTask("registry-watch", registry.watchInterval(),
                new RegistryWatcher(repository, loader, live, lifecycle, registry.settle(), nanoTime)::look);
    }

    @Bean
    PeriodicTask stuckInstances(InstanceThreads threads) {
        Duration often = inference.longestPass().dividedBy(4);
        return new PeriodicTask("stuck-instances", (often.compareTo(LONGEST_WATCH) < 0) ? often : LONGEST_WATCH,
                threads::giveUpStuckPasses);
    }

}
