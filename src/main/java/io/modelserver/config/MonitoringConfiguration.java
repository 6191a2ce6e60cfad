package io.modelserver.config;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelserver.monitoring.ModelsHealth;
import io.modelserver.monitoring.ServerMetrics;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.window.WindowStore;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes the listeners. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    @Bean
    ServerMetrics serverMetrics(MeterRegistry meters) {
        return new ServerMetrics(meters);
    }

    /** Apart from the metrics' own bean, since the windows report to that. */
    @Bean
    SmartInitializingSingleton watchedWindows(ServerMetrics metrics, WindowStore store) {
        return () -> metrics.watch(store);
    }

    @Bean
    ModelsHealth models(ModelRegistry registry) {
        return new ModelsHealth(registry);
    }

}
