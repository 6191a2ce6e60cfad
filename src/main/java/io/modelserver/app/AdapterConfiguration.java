package io.modelserver.app;

import java.util.function.LongSupplier;

import io.modelserver.drift.DriftMonitor;
import io.modelserver.drift.DriftProperties;
import io.modelserver.experiment.conduct.ModelVersions;
import io.modelserver.registry.RegistryProperties;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.serving.AnswerListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Connects rooms that may not enter each other. All other listeners and ports are beans
 * of the rooms that implement them.
 */
@Configuration(proxyBeanMethods = false)
class AdapterConfiguration {

    /** Drift lies below predictions, since the registry reads what it compares with. */
    @Bean
    AnswerListener driftSampling(DriftProperties properties, DriftMonitor monitor) {
        return (properties.samplesPerSecond() > 0)
                ? (answer, input, version) -> monitor.answered(answer.version(), input) : (answer, input, version) -> {
                };
    }

    /** Promoting needs the upper part of the registry, which serving may not enter. */
    @Bean
    ModelVersions registryVersions(LiveVersions registry, Promotions promotions, RegistryProperties limits,
            LongSupplier nanoTime) {
        return new RegistryVersions(registry, promotions, nanoTime, limits.loadLimit().toNanos());
    }

}
