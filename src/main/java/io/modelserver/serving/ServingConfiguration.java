package io.modelserver.serving;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.experiment.conduct.ModelVersions;
import io.modelserver.registry.DefaultModel;
import io.modelserver.registry.RegistryProperties;
import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.stage.Promotions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the use case, which answers queries, and what it asks. */
@Configuration(proxyBeanMethods = false)
public class ServingConfiguration {

    private final LiveVersions registry;

    private final LongSupplier nanoTime;

    ServingConfiguration(LiveVersions registry, LongSupplier nanoTime) {
        this.registry = registry;
        this.nanoTime = nanoTime;
    }

    @Bean
    Router router(Experiments experiments, DefaultModel defaultModel, Clock clock) {
        return new Router(experiments::running, defaultModel.name(), clock);
    }

    @Bean
    Serving serving(Router router, List<AnswerListener> listeners, PredictionProperties properties) {
        return new Serving(registry, router, listeners, () -> UuidCreator.getTimeOrderedEpochPlus1().toString(),
                nanoTime, properties.deadline().toNanos());
    }

    @Bean
    HealthReasons unloadedVariants(Experiments experiments) {
        return new UnloadedVariants(experiments);
    }

    /** What experiments need of the registry. */
    @Bean
    ModelVersions registryVersions(Promotions lifecycle, RegistryProperties limits) {
        return new RegistryVersions(registry, lifecycle, nanoTime, limits.loadLimit().toNanos());
    }

}
