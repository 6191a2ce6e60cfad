package io.modelserver.front.operators;

import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.front.json.Periods;
import io.modelserver.front.json.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * An experiment. Control and the first treatment are repeated in the fields that callers
 * of experiments with two variants know. {@code warnings} are told when it is created,
 * and only then.
 */
record ExperimentJson(String experimentId, String status, String controlModelName, String controlModelVersion,
        @Nullable String treatmentModelName, @Nullable String treatmentModelVersion, double controlTraffic,
        double treatmentTraffic, List<VariantJson> variants, String assignBy, double durationHours, int minSamples,
        String onVerdict, GuardrailsJson guardrails, @Nullable String outcomeHorizon, @Nullable Double costBps,
        String createdAt, String endsAt, @Nullable String endedAt, @Nullable String endReason,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> warnings) {

    private static final double MILLIS_PER_HOUR = 3_600_000;

    static ExperimentJson of(Experiment experiment) {
        return of(experiment, null);
    }

    static ExperimentJson of(Experiment experiment, @Nullable List<String> warnings) {
        Variant control = experiment.control();
        Variant treatment = experiment.variants().get(1);
        Status.@Nullable Ended ended = (experiment.status() instanceof Status.Ended end) ? end : null;
        return new ExperimentJson(experiment.id(), status(experiment), control.model().name(),
                control.model().version(), treatment.model().name(), treatment.model().version(), control.traffic(),
                treatment.traffic(), experiment.variants().stream().map(VariantJson::of).toList(),
                lowerCase(experiment.assignBy()), experiment.duration().toMillis() / MILLIS_PER_HOUR,
                experiment.minSamples(), lowerCase(experiment.onVerdict()), GuardrailsJson.of(experiment.guardrails()),
                (experiment.outcomeHorizon() != null) ? Periods.text(experiment.outcomeHorizon()) : null,
                experiment.costBps(), Timestamps.text(experiment.createdAt()), Timestamps.text(experiment.endsAt()),
                (ended != null) ? Timestamps.text(ended.at()) : null, (ended != null) ? ended.reason() : null,
                warnings);
    }

    static String status(Experiment experiment) {
        return switch (experiment.status()) {
            case Status.Running() -> "running";
            case Status.Ended ended -> lowerCase(ended.how());
        };
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A variant. */
    record VariantJson(String name, String modelName, String modelVersion, double traffic, boolean shadow) {

        static VariantJson of(Variant variant) {
            return new VariantJson(variant.name(), variant.model().name(), variant.model().version(), variant.traffic(),
                    variant.shadow());
        }

    }

}
