package io.modelserver.config;

import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.batching.BatchListener;
import io.modelserver.batching.BatchingPolicy;
import io.modelserver.djl.DjlModelLoader;
import io.modelserver.inference.ModelLoader;
import io.modelserver.monitoring.MetricsAfterWarmUp;
import io.modelserver.prediction.PredictionListener;
import io.modelserver.prediction.PredictionService;
import io.modelserver.prediction.WindowService;
import io.modelserver.registry.ModelActivator;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.ModelRepository;
import io.modelserver.window.WindowFile;
import io.modelserver.window.WindowListener;
import io.modelserver.window.WindowSettings;
import io.modelserver.window.WindowStore;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the core, which knows no Spring. */
@Configuration(proxyBeanMethods = false)
class CoreConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    LongSupplier nanoTime() {
        return System::nanoTime;
    }

    @Bean
    ModelLoader modelLoader(ModelServerProperties properties) {
        return new DjlModelLoader(properties.inference().intraOpThreads());
    }

    @Bean
    ModelRepository modelRepository(ModelServerProperties properties) {
        return new ModelRepository(properties.registry().path(), properties.registry().maxModelSize().toBytes());
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
                properties.batching().queueCapacity(), properties.batching().maxQueueDelay().toNanos());
    }

    @Bean(destroyMethod = "close")
    ModelRegistry modelRegistry(ModelServerProperties properties, ModelRepository repository, ModelLoader loader,
            BatchingPolicy policy, BatchListener listener, LongSupplier nanoTime, ExecutorService closingThread,
            ExecutorService loadingThread) {
        ModelActivator activator = new ModelActivator(loader, properties.inference().engine(), policy, listener,
                nanoTime, closingThread);
        return new ModelRegistry(repository, activator, properties.defaultModel(), properties.registry().keptOnDemand(),
                loadingThread, nanoTime);
    }

    @Bean
    ModelLifecycle modelLifecycle(ModelRepository repository, ModelRegistry registry, LongSupplier nanoTime) {
        return new ModelLifecycle(repository, registry, nanoTime);
    }

    @Bean
    ModelStartup modelStartup(ModelServerProperties properties, ModelLifecycle lifecycle, ModelRegistry registry) {
        return new ModelStartup(lifecycle, registry, properties.registry().path().toAbsolutePath());
    }

    @Bean
    RequestWarmUp requestWarmUp(ModelServerProperties properties, WebServerApplicationContext context,
            ModelRegistry registry, MetricsAfterWarmUp metrics, LongSupplier nanoTime) {
        return new RequestWarmUp(context, registry, metrics::start, properties.warmUp(), nanoTime);
    }

    @Bean
    WindowStore windowStore(ModelServerProperties properties, WindowListener listener) {
        ModelServerProperties.Window window = properties.window();
        return new WindowStore(new WindowSettings(window.maxWindows(), window.idle().toMillis(),
                window.maxGap().toMillis(), window.fill()), listener);
    }

    @Bean
    WindowKeeper windowKeeper(ModelServerProperties properties, WindowStore store, Clock clock) {
        return new WindowKeeper(store, new WindowFile(properties.window().file()), properties.window().saveInterval(),
                clock);
    }

    @Bean
    WindowService windowService(ModelServerProperties properties, ModelRegistry registry, WindowStore store,
            Clock clock) {
        return new WindowService(registry, store, clock, properties.window().maxGap().toMillis());
    }

    @Bean
    PredictionService predictionService(ModelServerProperties properties, ModelRegistry registry, WindowService windows,
            PredictionListener listener, LongSupplier nanoTime) {
        return new PredictionService(registry, windows, () -> UuidCreator.getTimeOrderedEpochPlus1().toString(),
                listener, nanoTime, properties.prediction().deadline().toNanos());
    }

}
