package io.modelserver.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelserver.monitoring.ModelsHealth;
import io.modelserver.monitoring.ServerMetrics;
import io.modelserver.registry.ModelRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the listeners. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    @Bean
    ServerMetrics serverMetrics(MeterRegistry meters) {
        return new ServerMetrics(meters);
    }

    @Bean
    ModelsHealth models(ModelRegistry registry) {
        return new ModelsHealth(registry);
    }

}
