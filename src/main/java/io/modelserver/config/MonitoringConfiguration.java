package io.modelserver.config;

import java.time.Clock;
import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.modelserver.monitoring.InstancesHealth;
import io.modelserver.monitoring.MetricsAfterWarmUp;
import io.modelserver.monitoring.ModelsHealth;
import io.modelserver.monitoring.PredictionSpans;
import io.modelserver.monitoring.ResidentMemory;
import io.modelserver.monitoring.VersionGauges;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.window.WindowStore;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the listeners. */
@Configuration(proxyBeanMethods = false)
class MonitoringConfiguration {

    private static final Duration GAUGE_INTERVAL = Duration.ofSeconds(1);

    @Bean
    MetricsAfterWarmUp metricsAfterWarmUp(MeterRegistry meters) {
        return new MetricsAfterWarmUp(meters, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    /** Apart from the metrics' own bean, since the windows report to that. */
    @Bean
    SmartInitializingSingleton watchedWindows(MetricsAfterWarmUp metrics, WindowStore store) {
        return () -> metrics.metrics().watch(store);
    }

    @Bean
    Recurring versionGauges(RegistryOverview overview, MeterRegistry meters) {
        return new Recurring("version-gauges", GAUGE_INTERVAL, new VersionGauges(overview, meters)::refresh);
    }

    @Bean
    @ConditionalOnProperty(TracingImportFilter.ENDPOINT)
    PredictionSpans predictionSpans(Tracer tracer, Clock clock) {
        return new PredictionSpans(tracer, clock);
    }

    @Bean
    ResidentMemory residentMemory() {
        return new ResidentMemory();
    }

    @Bean
    ModelsHealth models(RegistryOverview overview) {
        return new ModelsHealth(overview);
    }

    @Bean
    InstancesHealth instances(RegistryOverview overview) {
        return new InstancesHealth(overview);
    }

}
