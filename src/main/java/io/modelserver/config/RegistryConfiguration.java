package io.modelserver.config;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

import io.modelserver.batching.BatchListener;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.engine.Engines;
import io.modelserver.monitoring.MetricsAfterWarmUp;
import io.modelserver.registry.ChildTrial;
import io.modelserver.registry.CompleteVersions;
import io.modelserver.registry.EngineMemory;
import io.modelserver.registry.LoadJournal;
import io.modelserver.registry.ModelActivator;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.ModelRepository;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.registry.RegistryWatcher;
import io.modelserver.registry.VersionLoader;
import io.modelserver.registry.VersionTrial;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes what loads versions and serves them. */
@Configuration(proxyBeanMethods = false)
class RegistryConfiguration {

    private static final Duration LONGEST_WATCH = Duration.ofSeconds(1);

    @Bean
    Engines engines(ModelServerProperties properties) {
        return properties.inference().engines();
    }

    @Bean
    ModelRepository modelRepository(ModelServerProperties properties, Engines engines, Clock clock,
            LongSupplier nanoTime) {
        ModelServerProperties.Registry registry = properties.registry();
        long largestModelBytes = registry.maxModelSize().toBytes();
        return registry.watch()
                ? new ModelRepository(registry.path(), largestModelBytes, engines,
                        new CompleteVersions(registry.settle(), clock, nanoTime))
                : new ModelRepository(registry.path(), largestModelBytes, engines);
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
    BatchingPolicy batchingPolicy(ModelServerProperties properties) {
        return new BatchingPolicy(properties.inference().instancesOrCores(), properties.batching().maxBatchSize(),
                properties.batching().queueCapacity(), properties.batching().maxQueueDelay().toNanos(),
                properties.inference().longestPass().toNanos());
    }

    @Bean
    VersionTrial versionTrial(ModelServerProperties properties, LongSupplier nanoTime) {
        ModelServerProperties.Registry registry = properties.registry();
        return new ChildTrial(TrialProcess.command(properties), registry.trialLimit(), registry.trialMemory().toBytes(),
                nanoTime);
    }

    @Bean(destroyMethod = "close")
    VersionLoader versionLoader(ModelServerProperties properties, BatchingPolicy policy, BatchListener listener,
            VersionTrial trial, LongSupplier nanoTime, ExecutorService closingThread, MetricsAfterWarmUp metrics,
            DriftMonitor drift) {
        ModelServerProperties.Registry registry = properties.registry();
        ModelActivator activator = new ModelActivator(new EngineMemory(properties.inference().engineMemory()), policy,
                listener, nanoTime, closingThread);
        return new VersionLoader(activator, trial, registry.trial(), new LoadJournal(registry.loadJournal()),
                registry.loadLimit(), (id, ready, nanos) -> {
                    metrics.metrics().loadEnded(id, ready, nanos);
                    drift.forget(id);
                }, nanoTime);
    }

    @Bean(destroyMethod = "close")
    ModelRegistry modelRegistry(ModelServerProperties properties, ModelRepository repository, VersionLoader loader,
            LongSupplier nanoTime, ExecutorService loadingThread) {
        return new ModelRegistry(repository, loader, properties.defaultModel(), properties.registry().keptOnDemand(),
                loadingThread, nanoTime);
    }

    @Bean
    ModelLifecycle modelLifecycle(ModelRepository repository, VersionLoader loader, ModelRegistry registry, Clock clock,
            LongSupplier nanoTime, LedgerRecorder recorder, MetricsAfterWarmUp metrics) {
        return new ModelLifecycle(repository, loader, registry, clock, nanoTime, (model, change) -> {
            recorder.stageChanged(model, change);
            metrics.metrics().stageChanged(model, change);
        });
    }

    @Bean
    RegistryOverview registryOverview(ModelServerProperties properties, ModelRepository repository,
            VersionLoader loader, ModelRegistry registry) {
        return new RegistryOverview(repository, loader, registry, properties.defaultModel());
    }

    @Bean
    @ConditionalOnProperty("modelserver.registry.watch")
    Recurring registryWatch(ModelServerProperties properties, ModelRepository repository, VersionLoader loader,
            ModelRegistry registry, ModelLifecycle lifecycle, LongSupplier nanoTime) {
        return new Recurring("registry-watch", properties.registry().watchInterval(), new RegistryWatcher(repository,
                loader, registry, lifecycle, properties.registry().settle(), nanoTime)::look);
    }

    @Bean
    StagingStartup stagingStartup(ModelServerProperties properties, ModelRegistry registry) {
        return new StagingStartup((properties.registry().keepStaging() && !properties.warmUp().thenExit())
                ? registry::keepStaged : () -> {
                });
    }

    @Bean
    Recurring stuckInstances(ModelServerProperties properties, ModelRegistry registry) {
        Duration often = properties.inference().longestPass().dividedBy(4);
        return new Recurring("stuck-instances", (often.compareTo(LONGEST_WATCH) < 0) ? often : LONGEST_WATCH,
                registry::replaceStuckInstances);
    }

}
