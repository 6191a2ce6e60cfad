package io.modelserver.front.operators;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request to create an experiment: control and treatment, or a list of
 * variants. What is in {@code unknown} is ignored, and the caller is told so: a misspelt
 * property would cost days.
 */
record ExperimentRequestJson(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String experimentId,
        @Nullable String controlModelName, @Nullable String controlModelVersion, @Nullable String treatmentModelName,
        @Nullable String treatmentModelVersion, @Nullable Double controlTraffic, @Nullable Double treatmentTraffic,
        @Nullable List<@Nullable VariantRequestJson> variants, @Nullable Double durationHours,
        @Nullable Integer minSamples, @Schema(allowableValues = {
                "symbol", "key", "request" }) @Nullable String assignBy,
        @Schema(allowableValues = { "report", "apply" }) @Nullable String onVerdict,
        @Schema(implementation = GuardrailsJson.class) @Nullable Map<String, @Nullable Double> guardrails,
        @Nullable String outcomeHorizon, @Nullable Double costBps,
        @Schema(hidden = true) @JsonAnySetter @Nullable Map<String, @Nullable Object> unknown){

    private static final int MOST_NAMED = 20;

    /**
     * {@return a sentence about each property that is ignored, of the first ones}
     */
    List<String> ignored() {
        Stream<String> ofVariants = (variants == null) ? Stream.empty()
                : IntStream.range(0, variants.size()).boxed().flatMap((i) -> ignored(variants.get(i), i));
        return Stream.concat(ignored(unknown, "", "an experiment"), ofVariants).limit(MOST_NAMED).toList();
    }

    private static Stream<String> ignored(@Nullable VariantRequestJson variant, int index) {
        return (variant == null) ? Stream.empty()
                : ignored(variant.unknown(), "variants[%d].".formatted(index), "a variant");
    }

    private static Stream<String> ignored(@Nullable Map<String, @Nullable Object> unknown, String at, String of) {
        return (unknown == null) ? Stream.empty()
                : unknown.keySet()
                    .stream()
                    .map((name) -> "%s%s is not a property of %s and was ignored".formatted(at, name, of));
    }

    /** One variant; the first of the list is control. */
    record VariantRequestJson(@Nullable String name, @Nullable String modelName, @Nullable String modelVersion,
            @Nullable Double traffic, @Nullable Boolean shadow,
            @Schema(hidden = true) @JsonAnySetter @Nullable Map<String, @Nullable Object> unknown) {
    }

}
