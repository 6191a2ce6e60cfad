package io.modelserver.serving;

import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.registry.live.DefaultModel;
import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.LiveVersions;
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
    Router router(Supplier<RunningExperiments> experiments, DefaultModel defaultModel, Clock clock) {
        return new Router(experiments, defaultModel.name(), clock);
    }

    @Bean
    Serving serving(Router router, List<AnswerListener> listeners, PredictionProperties properties) {
        return new Serving(registry, router, listeners, () -> UuidCreator.getTimeOrderedEpochPlus1().toString(),
                nanoTime, properties.deadline().toNanos());
    }

    @Bean
    HealthReasons unloadedVariants(Supplier<RunningExperiments> experiments) {
        return new UnloadedVariants(experiments);
    }

}
