package io.modelserver.app;

import java.util.function.LongSupplier;

import io.modelserver.engine.Engines;
import io.modelserver.registry.InferenceProperties;
import io.modelserver.registry.RegistryProperties;
import io.modelserver.registry.load.ChildTrial;
import io.modelserver.registry.load.VersionTrial;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the engines, in this process and in that of a trial. */
@Configuration(proxyBeanMethods = false)
class EngineConfiguration {

    @Bean
    Engines engines(InferenceProperties inference) {
        return BundledEngines.of(inference.intraOpThreads()).preferring(inference.engine());
    }

    @Bean
    VersionTrial versionTrial(ModelServerProperties settings, LongSupplier nanoTime) {
        RegistryProperties registry = settings.registry();
        return new ChildTrial(TrialProcess.command(settings), registry.trialLimit(), registry.trialMemory().toBytes(),
                nanoTime);
    }

}
