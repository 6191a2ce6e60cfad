package io.modelserver.front.operators;

import java.util.List;
import java.util.Map;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to create an experiment: control and treatment, or a list of
 * variants.
 */
record ExperimentRequestJson(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String experimentId,
        @Nullable String controlModelName, @Nullable String controlModelVersion, @Nullable String treatmentModelName,
        @Nullable String treatmentModelVersion, @Nullable Double controlTraffic, @Nullable Double treatmentTraffic,
        @Nullable List<@Nullable VariantRequestJson> variants, @Nullable Double durationHours,
        @Nullable Integer minSamples, @Schema(allowableValues = {
                "symbol", "key", "request" }) @Nullable String assignBy,
        @Schema(allowableValues = { "report", "apply" }) @Nullable String onVerdict,
        @Schema(implementation = GuardrailsJson.class) @Nullable Map<String, @Nullable Double> guardrails,
        @Nullable String outcomeHorizon, @Nullable Double costBps){

    /** One variant; the first of the list is control. */
    record VariantRequestJson(@Nullable String name, @Nullable String modelName, @Nullable String modelVersion,
            @Nullable Double traffic, @Nullable Boolean shadow) {
    }

}
