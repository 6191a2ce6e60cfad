package io.modelserver.front.bots;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.registry.live.RegistryHealth;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The answer of the health calls; {@code problems} is there only when there are some, and
 * {@code ledger} only while it is being opened.
 */
record HealthJson(String status, int modelsLoaded, double uptimeSeconds, List<String> loadedModels,
        List<String> activeExperiments, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> problems,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(allowableValues = "opening") @Nullable String ledger,
        String timestamp) {

    static HealthJson of(RegistryHealth health, List<Experiment> running, boolean ledgerIsOpening, long uptimeMillis,
            String timestamp) {
        return new HealthJson(health.status().name().toLowerCase(Locale.ROOT), health.loaded().size(),
                uptimeMillis / 1e3, health.loaded(), running.stream().map(Experiment::id).toList(), health.problems(),
                ledgerIsOpening ? "opening" : null, timestamp);
    }

}
