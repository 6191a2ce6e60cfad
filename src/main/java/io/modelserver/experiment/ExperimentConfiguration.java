package io.modelserver.experiment;

import java.time.Clock;
import java.util.function.Supplier;

import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.experiment.conduct.ExperimentStore;
import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.experiment.conduct.ModelVersions;
import io.modelserver.experiment.verdict.AnalysisFormat;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the experiments, of which the ledger keeps and the registry loads what they need.
 */
@Configuration(proxyBeanMethods = false)
public class ExperimentConfiguration {

    ExperimentConfiguration() {
    }

    @Bean
    Experiments experiments(ExperimentStore store, ModelVersions versions, ExperimentProperties properties,
            AnalysisFormat format, Clock clock) {
        return new Experiments(store, versions, properties.analysis(), format, clock);
    }

    /** What serving sees of experiments. */
    @Bean
    Supplier<RunningExperiments> runningExperiments(Experiments experiments) {
        return experiments::running;
    }

}
