package io.modelserver.serving;

import java.util.List;
import java.util.function.Supplier;

import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.RegistryHealth;

/** Finds versions that should answer in an experiment and are not loaded. */
public final class UnloadedVariants implements HealthReasons {

    private final Supplier<RunningExperiments> experiments;

    /**
     * Creates a finder.
     * @param experiments those that run
     */
    public UnloadedVariants(Supplier<RunningExperiments> experiments) {
        this.experiments = experiments;
    }

    @Override
    public List<String> find(RegistryHealth registry) {
        return experiments.get()
            .versions()
            .stream()
            .map(ModelId::toString)
            .filter((version) -> !registry.loaded().contains(version))
            .sorted()
            .map("%s answers in an experiment but is not loaded, control or production answers instead"::formatted)
            .toList();
    }

}
