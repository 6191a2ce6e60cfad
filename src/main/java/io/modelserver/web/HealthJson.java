package io.modelserver.web;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.experiment.Experiment;
import io.modelserver.registry.RegistryHealth;

/** The answer of the health calls; {@code problems} is there only when there are some. */
record HealthJson(String status, int modelsLoaded, double uptimeSeconds, List<String> loadedModels,
        List<String> activeExperiments, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> problems,
        String timestamp) {

    static HealthJson of(RegistryHealth health, List<Experiment> running, long uptimeMillis, String timestamp) {
        return new HealthJson(health.status().name().toLowerCase(Locale.ROOT), health.loaded().size(),
                uptimeMillis / 1e3, health.loaded(), running.stream().map(Experiment::id).toList(), health.problems(),
                timestamp);
    }

}
