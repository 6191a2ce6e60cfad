package io.modelserver.config;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelserver.drift.Baseline;
import io.modelserver.drift.BaselineSource;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.monitoring.DriftGauges;
import io.modelserver.registry.ModelRepository;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.registry.TrainingStatistics;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the beans that watch live features. */
@Configuration(proxyBeanMethods = false)
class DriftConfiguration {

    @Bean
    BaselineSource trainingStatistics(ModelServerProperties properties, ModelRepository repository) {
        return (properties.drift().samplesPerSecond() > 0) ? new TrainingStatistics(repository)
                : (version) -> Baseline.lacking("drift is not watched: modelserver.drift.samples-per-second is 0");
    }

    @Bean
    DriftMonitor driftMonitor(ModelServerProperties properties, BaselineSource baselines, LongSupplier nanoTime) {
        return new DriftMonitor(baselines, properties.drift().settings(), nanoTime);
    }

    @Bean
    Recurring driftSamples(DriftMonitor monitor) {
        return new Recurring("drift", Duration.ZERO, monitor::run);
    }

    @Bean
    Recurring driftGauges(ModelServerProperties properties, DriftMonitor monitor, RegistryOverview overview,
            MeterRegistry meters) {
        return new Recurring("drift-gauges", properties.drift().refresh(),
                new DriftGauges(monitor, overview, meters)::refresh);
    }

}
