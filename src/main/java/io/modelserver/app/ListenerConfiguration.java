package io.modelserver.app;

import io.modelserver.drift.DriftMonitor;
import io.modelserver.drift.DriftProperties;
import io.modelserver.serving.AnswerListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Lets rooms listen to others that they may not enter. All other listeners are beans of
 * the rooms that listen.
 */
@Configuration(proxyBeanMethods = false)
class ListenerConfiguration {

    /** Drift lies below predictions, since the registry reads what it compares with. */
    @Bean
    AnswerListener driftSampling(DriftProperties properties, DriftMonitor monitor) {
        return (properties.samplesPerSecond() > 0)
                ? (answer, input, version) -> monitor.answered(answer.version(), input) : (answer, input, version) -> {
                };
    }

}
