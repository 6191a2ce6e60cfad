package io.modelserver.experiment.assign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * A comparison of model versions on live traffic. Its variants and shares never change:
 * the check of the sample ratio relies on that.
 *
 * @param id letters, digits, {@code . _ -}; what assignments are drawn from
 * @param variants control first, then what is compared to it, shadows anywhere after it
 * @param assignBy what is assigned as a whole
 * @param createdAt when it began
 * @param duration how long it runs
 * @param minSamples outcomes that each of two variants must have before they are compared
 * @param onVerdict what is done about the recommendation
 * @param guardrails what a treatment may cost
 * @param status whether it goes on
 * @param outcomeHorizon how long after a request its outcome is known, null if that is to
 * be learned from the outcomes
 * @param costBps what acting on an advice costs, in basis points of the price, at least
 * 0; null for what the server takes for all experiments
 */
public record Experiment(String id, List<Variant> variants, AssignBy assignBy, Instant createdAt, Duration duration,
        int minSamples, OnVerdict onVerdict, Guardrails guardrails, Status status, @Nullable Duration outcomeHorizon,
        @Nullable Double costBps) {

    /** The longest that an outcome may take to be known. */
    public static final Duration LONGEST_HORIZON = Duration.ofDays(366);

    /** Outcomes per variant that are asked for where an experiment does not say. */
    public static final int DEFAULT_MIN_SAMPLES = 100;

    /**
     * Checks all fields.
     * @throws InvalidExperimentException if any of them is wrong
     */
    public Experiment {
        variants = List.copyOf(variants);
        List<BrokenRule> problems = new ExperimentRules(id, variants, duration, minSamples, guardrails, outcomeHorizon,
                costBps)
            .problems();
        if (!problems.isEmpty()) {
            throw new InvalidExperimentException(problems);
        }
    }

    /**
     * Creates an experiment without an outcome horizon and costs of its own.
     * @param id see the record
     * @param variants see the record
     * @param assignBy see the record
     * @param createdAt see the record
     * @param duration see the record
     * @param minSamples see the record
     * @param onVerdict see the record
     * @param guardrails see the record
     * @param status see the record
     * @throws InvalidExperimentException if any of them is wrong
     */
    public Experiment(String id, List<Variant> variants, AssignBy assignBy, Instant createdAt, Duration duration,
            int minSamples, OnVerdict onVerdict, Guardrails guardrails, Status status) {
        this(id, variants, assignBy, createdAt, duration, minSamples, onVerdict, guardrails, status, null, null);
    }

    /**
     * {@return the variant that the others are compared to}
     */
    public Variant control() {
        return variants.getFirst();
    }

    /**
     * {@return the other variants that answer requests, at least one unless there is a
     * shadow}
     */
    public List<Variant> treatments() {
        return variants.stream().skip(1).filter((variant) -> !variant.shadow()).toList();
    }

    /**
     * {@return the variants that get copies}
     */
    public List<Variant> shadows() {
        return variants.stream().filter(Variant::shadow).toList();
    }

    /**
     * {@return when its time runs out}
     */
    public Instant endsAt() {
        return createdAt.plus(duration);
    }

    /**
     * Whether it assigns requests.
     * @param now the present
     * @return false once it was ended or its time ran out
     */
    public boolean isRunning(Instant now) {
        return status instanceof Status.Running && now.isBefore(endsAt());
    }

    /**
     * Whether it ran as long as was planned, so that its end does not depend on its
     * results.
     * @param now the present
     * @return false if somebody or a verdict ended it, or it still runs
     */
    public boolean ranItsTime(Instant now) {
        return switch (status) {
            case Status.Running() -> !now.isBefore(endsAt());
            case Status.Ended ended -> ended.how() == Ending.FINISHED;
        };
    }

    /**
     * Looks up a variant.
     * @param name its name
     * @return the variant, empty if there is none of that name
     */
    public Optional<Variant> variant(String name) {
        return variants.stream().filter((variant) -> variant.name().equals(name)).findFirst();
    }

    /**
     * Ends it.
     * @param how what ended it
     * @param at when
     * @param reason a sentence for the operator
     * @return the same experiment, ended
     */
    public Experiment ended(Ending how, Instant at, String reason) {
        return new Experiment(id, variants, assignBy, createdAt, duration, minSamples, onVerdict, guardrails,
                new Status.Ended(how, at, reason), outcomeHorizon, costBps);
    }

}
