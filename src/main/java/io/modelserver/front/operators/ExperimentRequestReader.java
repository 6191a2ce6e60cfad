package io.modelserver.front.operators;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.InvalidExperimentException;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.front.json.Periods;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.NotFound;
import io.modelserver.serving.FieldProblem;
import org.jspecify.annotations.Nullable;

/**
 * Creates an experiment from a request body. Versions may be named by their stage; the
 * experiment then is on the version that is in that stage now.
 */
final class ExperimentRequestReader {

    private static final double DEFAULT_CONTROL_TRAFFIC = 0.9;

    private static final double DEFAULT_DURATION_HOURS = 24;

    private static final double MILLIS_PER_HOUR = 3_600_000;

    private static final double SHARE_DIGITS = 1e12;

    /** In the place of a version that is not known. */
    private static final String NONE = "none";

    private static final String REQUIRED = "required";

    private static final List<String> GUARDRAILS = List.of("max_error_rate_increase", "max_error_rate_ratio",
            "max_p95_latency_ratio");

    private final RegistryOverview overview;

    private final Clock clock;

    private final List<FieldProblem> problems = new ArrayList<>();

    ExperimentRequestReader(RegistryOverview overview, Clock clock) {
        this.overview = overview;
        this.clock = clock;
    }

    /**
     * Reads the body.
     * @throws ProblemException if a field is missing or invalid; all such fields are
     * named
     */
    Experiment read(ExperimentRequestJson json) {
        String id = required("experiment_id", json.experimentId());
        List<Variant> variants = (json.variants() != null) ? listed(json, json.variants()) : pair(json);
        AssignBy assignBy = oneOf("assign_by", json.assignBy(), AssignBy.SYMBOL, AssignBy.values());
        OnVerdict onVerdict = oneOf("on_verdict", json.onVerdict(), OnVerdict.REPORT, OnVerdict.values());
        double hours = Objects.requireNonNullElse(json.durationHours(), DEFAULT_DURATION_HOURS);
        Guardrails guardrails = (json.guardrails() != null) ? guardrails(json.guardrails()) : Guardrails.none();
        Duration horizon = (json.outcomeHorizon() != null) ? horizon(json.outcomeHorizon()) : null;
        refuseIfAnyProblem();
        try {
            return new Experiment(id, variants, assignBy, clock.instant().truncatedTo(ChronoUnit.MILLIS),
                    Duration.ofMillis((long) Math.ceil(hours * MILLIS_PER_HOUR)),
                    Objects.requireNonNullElse(json.minSamples(), Experiment.DEFAULT_MIN_SAMPLES), onVerdict,
                    guardrails, new Status.Running(), horizon, json.costBps());
        }
        catch (InvalidExperimentException ex) {
            ex.problems()
                .forEach((problem) -> problems
                    .add(new FieldProblem((json.variants() != null) ? problem.field() : fieldOfPair(problem.field()),
                            problem.message())));
            refuseIfAnyProblem();
            throw ex;
        }
    }

    private List<Variant> pair(ExperimentRequestJson json) {
        String controlModel = required("control_model_name", json.controlModelName());
        String treatmentModel = required("treatment_model_name",
                Objects.requireNonNullElse(json.treatmentModelName(), controlModel));
        double control = (json.controlTraffic() != null) ? json.controlTraffic()
                : (json.treatmentTraffic() != null) ? rest(json.treatmentTraffic()) : DEFAULT_CONTROL_TRAFFIC;
        double treatment = (json.treatmentTraffic() != null) ? json.treatmentTraffic() : rest(control);
        return List.of(
                Variant.serving("control", exactly("control_model_version", controlModel, json.controlModelVersion()),
                        control),
                Variant.serving("treatment", exactly("treatment_model_version", treatmentModel,
                        required("treatment_model_version", json.treatmentModelVersion())), treatment));
    }

    /** Rounded, so that 0.9 leaves 0.1. */
    private static double rest(double share) {
        return Math.rint((1 - share) * SHARE_DIGITS) / SHARE_DIGITS;
    }

    private List<Variant> listed(ExperimentRequestJson json,
            List<ExperimentRequestJson.@Nullable VariantRequestJson> listed) {
        if (json.controlModelName() != null || json.treatmentModelName() != null) {
            problems.add(new FieldProblem("variants", "expected either these or control and treatment, not both"));
        }
        List<Variant> variants = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String at = "variants[%d].".formatted(i);
            ExperimentRequestJson.VariantRequestJson variant = listed.get(i);
            if (variant == null) {
                problems.add(new FieldProblem("variants[%d]".formatted(i), "expected an object, got null"));
                continue;
            }
            String name = required(at + "name", variant.name());
            String model = required(at + "model_name", variant.modelName());
            variants.add(new Variant(name, exactly(at + "model_version", model, variant.modelVersion()),
                    Objects.requireNonNullElse(variant.traffic(), 0.0), Boolean.TRUE.equals(variant.shadow())));
        }
        return variants;
    }

    private ModelId exactly(String field, String model, @Nullable String version) {
        if (Stage.named(version).isEmpty()) {
            return new ModelId(model, Objects.requireNonNull(version));
        }
        return switch (overview.locate(model, version)) {
            case Located.Version(ModelId id) -> id;
            case Located.NoVersion(ModelId id) -> id;
            case Located.NoModel(String none) when none.isEmpty() -> new ModelId(none, NONE);
            case Located.NoModel(String none) -> throw ProblemException.modelNotFound(none);
            case Located.NoneInStage(String known, Stage stage) -> {
                problems.add(new FieldProblem(field, NotFound.version(known, stage)));
                yield new ModelId(known, NONE);
            }
        };
    }

    /** An unknown one would have no effect: a typo must not remove a guardrail. */
    private Guardrails guardrails(Map<String, @Nullable Double> limits) {
        limits.keySet()
            .stream()
            .filter((name) -> !GUARDRAILS.contains(name))
            .forEach((name) -> problems
                .add(new FieldProblem("guardrails." + name, "expected one of " + String.join(", ", GUARDRAILS))));
        return new Guardrails(limits.get(GUARDRAILS.get(0)), limits.get(GUARDRAILS.get(1)),
                limits.get(GUARDRAILS.get(2)));
    }

    private static String fieldOfPair(String field) {
        return field.replace("variants[0].traffic", "control_traffic")
            .replace("variants[1].traffic", "treatment_traffic")
            .replace("variants[0].model_", "control_model_")
            .replace("variants[1].model_", "treatment_model_")
            .replace("variants", "control_traffic");
    }

    private String required(String field, @Nullable String value) {
        if (value == null) {
            problems.add(new FieldProblem(field, REQUIRED));
            return "";
        }
        return value;
    }

    private <E extends Enum<E>> E oneOf(String field, @Nullable String text, E otherwise, E[] all) {
        if (text == null) {
            return otherwise;
        }
        return Arrays.stream(all).filter((value) -> label(value).equals(text)).findFirst().orElseGet(() -> {
            problems.add(new FieldProblem(field, "expected one of "
                    + Arrays.stream(all).map(ExperimentRequestReader::label).collect(Collectors.joining(", "))));
            return otherwise;
        });
    }

    /** Describes the bounds in the form that the caller uses. */
    private @Nullable Duration horizon(String text) {
        Optional<Duration> horizon = Periods.parse(text);
        if (horizon.isEmpty()) {
            problems.add(new FieldProblem("outcome_horizon",
                    "expected a number and ms, s, m, h or d, e.g. 15m, or an ISO-8601 duration, e.g. PT15M"));
            return null;
        }
        if (!horizon.get().isPositive() || horizon.get().compareTo(Experiment.LONGEST_HORIZON) > 0) {
            problems.add(new FieldProblem("outcome_horizon", "must be more than 0 and at most %s, not %s"
                .formatted(Periods.textLike(text, Experiment.LONGEST_HORIZON), text)));
            return null;
        }
        return horizon.get();
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private void refuseIfAnyProblem() {
        if (!problems.isEmpty()) {
            throw new ProblemException(ProblemCode.INVALID_REQUEST,
                    "the experiment can't be run: " + FieldProblem.summary(problems), problems);
        }
    }

}
