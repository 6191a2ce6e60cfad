package io.modelserver.drift;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.modelserver.lifecycle.PeriodicTask;
import io.modelserver.lifecycle.WarmUpListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what watches live features. */
@Configuration(proxyBeanMethods = false)
public class DriftConfiguration {

    DriftConfiguration() {
    }

    @Bean
    DriftMonitor driftMonitor(DriftProperties properties, BaselineSource training, LongSupplier nanoTime) {
        BaselineSource baselines = (properties.samplesPerSecond() > 0) ? training
                : (version) -> Baseline.lacking("drift is not watched: modelserver.drift.samples-per-second is 0");
        return new DriftMonitor(baselines, properties.settings(), nanoTime);
    }

    @Bean
    PeriodicTask driftSamples(DriftMonitor monitor) {
        return new PeriodicTask("drift", Duration.ZERO, monitor::run);
    }

    @Bean
    WarmUpListener driftAfterWarmUp(DriftMonitor monitor) {
        return monitor::start;
    }

}
