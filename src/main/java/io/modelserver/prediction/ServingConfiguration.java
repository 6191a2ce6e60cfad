package io.modelserver.prediction;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.experiment.ExperimentProperties;
import io.modelserver.experiment.Experiments;
import io.modelserver.experiment.ModelVersions;
import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.registry.DefaultModel;
import io.modelserver.registry.HealthReasons;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.RegistryProperties;
import io.modelserver.window.Now;
import io.modelserver.window.WindowStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the use case, which answers requests, and what it asks. */
@Configuration(proxyBeanMethods = false)
public class ServingConfiguration {

    private final ModelRegistry registry;

    private final PredictionProperties properties;

    private final LongSupplier nanoTime;

    ServingConfiguration(ModelRegistry registry, PredictionProperties properties, LongSupplier nanoTime) {
        this.registry = registry;
        this.properties = properties;
        this.nanoTime = nanoTime;
    }

    @Bean
    Router router(Experiments experiments, DefaultModel defaultModel, Clock clock) {
        return new Router(experiments::running, defaultModel.name(), clock);
    }

    @Bean
    WindowService windowService(WindowStore store, Supplier<Now> now) {
        return new WindowService(registry, store, now);
    }

    @Bean
    HealthReasons unloadedVariants(Experiments experiments) {
        return new UnloadedVariants(experiments);
    }

    @Bean
    ShadowTraffic shadowTraffic(List<ShadowListener> listeners, ExperimentProperties experiment) {
        return new ShadowTraffic(registry, ShadowListener.all(listeners), experiment.shadowQueue(), nanoTime);
    }

    @Bean
    PeriodicTask shadowing(ShadowTraffic shadows) {
        return new PeriodicTask("shadows", Duration.ZERO, shadows::run);
    }

    @Bean
    PredictionService predictionService(Router router, WindowService windows, ShadowTraffic shadows,
            List<PredictionListener> listeners, List<InputListener> inputs) {
        return new PredictionService(registry, router, windows, shadows,
                () -> UuidCreator.getTimeOrderedEpochPlus1().toString(), PredictionListener.all(listeners),
                InputListener.all(inputs), nanoTime, properties.deadline().toNanos());
    }

    /** What experiments need of the registry. */
    @Bean
    ModelVersions registryVersions(ModelLifecycle lifecycle, RegistryProperties limits) {
        return new RegistryVersions(registry, lifecycle, nanoTime, limits.loadLimit().toNanos());
    }

}
