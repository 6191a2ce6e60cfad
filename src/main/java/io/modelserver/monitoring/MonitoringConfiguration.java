package io.modelserver.monitoring;

import java.time.Clock;
import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.drift.DriftProperties;
import io.modelserver.ledger.LedgerWriter;
import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.lifecycle.WarmUpListener;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.window.WindowStore;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the meters, which listen to all rooms, and the health indicators. */
@Configuration(proxyBeanMethods = false)
public class MonitoringConfiguration {

    /** Where spans are sent; without it there is no tracing. */
    public static final String TRACING_ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final Duration GAUGE_INTERVAL = Duration.ofSeconds(1);

    MonitoringConfiguration() {
    }

    @Bean
    MetricsAfterWarmUp metricsAfterWarmUp(MeterRegistry meters) {
        return new MetricsAfterWarmUp(meters, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    @Bean
    WarmUpListener countingAfterWarmUp(MetricsAfterWarmUp metrics) {
        return metrics::start;
    }

    @Bean
    EnsembleMeters ensembleMeters(MeterRegistry meters) {
        return new EnsembleMeters(meters);
    }

    /** Apart from the metrics' own bean, since what is watched reports to that. */
    @Bean
    SmartInitializingSingleton watchedStores(MetricsAfterWarmUp metrics, WindowStore windows, LedgerWriter ledger) {
        return () -> {
            metrics.metrics().watch(windows);
            metrics.metrics().watchLedger(ledger, LedgerWriter::waiting, LedgerWriter::dropped);
        };
    }

    @Bean
    PeriodicTask versionGauges(RegistryOverview overview, MeterRegistry meters) {
        return new PeriodicTask("version-gauges", GAUGE_INTERVAL, new VersionGauges(overview, meters)::refresh);
    }

    @Bean
    PeriodicTask driftGauges(DriftProperties properties, DriftMonitor monitor, RegistryOverview overview,
            MeterRegistry meters) {
        return new PeriodicTask("drift-gauges", properties.refresh(),
                new DriftGauges(monitor, overview, meters)::refresh);
    }

    @Bean
    @ConditionalOnProperty(TRACING_ENDPOINT)
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
