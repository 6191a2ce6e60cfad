package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.OutcomeHorizon;
import io.modelserver.experiment.evidence.TrafficFacts;
import io.modelserver.experiment.statistics.Numbers;

/**
 * Warns before an experiment starts if it can't be judged by its end, based on its
 * duration and on its model's recent requests.
 */
public final class Prospects {

    private static final double MILLIS_PER_DAY = 86_400_000;

    private static final double MILLIS_PER_SECOND = 1_000;

    /** More than that, of a model that decides about trades, is the caller's mistake. */
    private static final double MOST_PER_SECOND = 1_000;

    /** A rate measured over minutes says nothing about a day. */
    private static final Duration LEAST_SPAN = Duration.ofHours(1);

    private static final String CURE = "A shadow (\"shadow\": true) is judged on the requests that control answers, with one "
            + "symbol too; or split by time: \"assign_by\": \"key\", the hour as routing_key.";

    private final Experiment experiment;

    private final TrafficFacts traffic;

    private Prospects(Experiment experiment, TrafficFacts traffic) {
        this.experiment = experiment;
        this.traffic = traffic;
    }

    /**
     * {@return why an experiment will not be judged, a sentence each}
     * @param experiment one that has not started
     * @param traffic what its model was asked in the last days
     */
    public static List<String> warnings(Experiment experiment, TrafficFacts traffic) {
        Prospects prospects = new Prospects(experiment, traffic);
        List<String> warnings = new ArrayList<>();
        prospects.fewBlocks().ifPresent(warnings::add);
        prospects.fewSymbols().ifPresent(warnings::add);
        prospects.fewOutcomes().or(prospects::unheardOfRate).ifPresent(warnings::add);
        prospects.sameVersion().ifPresent(warnings::add);
        return warnings;
    }

    private Optional<String> fewBlocks() {
        Duration horizon = Objects.requireNonNullElse(experiment.outcomeHorizon(), OutcomeHorizon.OTHERWISE);
        Duration block = OutcomeHorizon.block(horizon);
        Duration least = block.multipliedBy(Comparer.LEAST_UNITS);
        if (experiment.duration().compareTo(least) >= 0) {
            return Optional.empty();
        }
        String length = "it runs for %s, which is less than the %d time blocks of %s that a verdict needs"
            .formatted(Numbers.text(experiment.duration()), Comparer.LEAST_UNITS, Numbers.text(block));
        return Optional.of((experiment.outcomeHorizon() != null)
                ? "%s (4 times the outcome_horizon, an hour at least). Let it run for %s or longer.".formatted(length,
                        Numbers.text(least))
                : ("%s, assuming that outcomes are known after an hour. Let it run for %s or longer; or, if they "
                        + "are known sooner, say so by outcome_horizon, or report closed_at with them.")
                    .formatted(length, Numbers.text(least)));
    }

    private Optional<String> fewSymbols() {
        if (experiment.assignBy() != AssignBy.SYMBOL || traffic.symbols() == 0) {
            return Optional.empty();
        }
        return experiment.variants()
            .stream()
            .filter((variant) -> !variant.shadow() && !experiment.treatments().isEmpty())
            .filter((variant) -> traffic.symbols() * variant.traffic() < Comparer.LEAST_UNITS)
            .findFirst()
            .map((variant) -> String.format(Locale.ROOT,
                    "model '%s' was asked for %d symbols in the last days; %s will get about %.1f of them, and a verdict needs %d. %s",
                    experiment.control().model().name(), traffic.symbols(), variant.name(),
                    traffic.symbols() * variant.traffic(), Comparer.LEAST_UNITS, CURE));
    }

    private Optional<String> fewOutcomes() {
        double perDay = perDay();
        if (perDay == 0) {
            return Optional.empty();
        }
        double days = experiment.duration().toMillis() / MILLIS_PER_DAY;
        long least = Comparer.leastOutcomes(experiment);
        return experiment.variants()
            .stream()
            .filter((variant) -> !variant.shadow())
            .filter((variant) -> perDay * days * variant.traffic() < least)
            .findFirst()
            .map((variant) -> String.format(Locale.ROOT,
                    "model '%s' answers about %.0f requests a day: %s will get about %.0f, and a verdict needs %d outcomes of it. "
                            + "Let it run for longer, or give it more traffic.",
                    experiment.control().model().name(), perDay, variant.name(), perDay * days * variant.traffic(),
                    least));
    }

    /** Where the ledger does not know what the model is asked, as far as reason goes. */
    private Optional<String> unheardOfRate() {
        double seconds = experiment.duration().toMillis() / MILLIS_PER_SECOND;
        long least = Comparer.leastOutcomes(experiment);
        return experiment.variants()
            .stream()
            .filter((variant) -> !variant.shadow() && least / (seconds * variant.traffic()) > MOST_PER_SECOND)
            .findFirst()
            .map((variant) -> String.format(Locale.ROOT,
                    "a verdict needs %d outcomes of %s within %s: that takes %.0f requests a second all the time. "
                            + "Ask for fewer min_samples, or let it run for longer.",
                    least, variant.name(), Numbers.text(experiment.duration()), least / (seconds * variant.traffic())));
    }

    private Optional<String> sameVersion() {
        List<Variant> variants = experiment.variants();
        for (int i = 0; i < variants.size(); i++) {
            for (Variant other : variants.subList(i + 1, variants.size())) {
                if (other.model().equals(variants.get(i).model())) {
                    return Optional
                        .of("%s and %s are the same version, %s of model '%s': any difference would be due to chance."
                            .formatted(variants.get(i).name(), other.name(), other.model().version(),
                                    other.model().name()));
                }
            }
        }
        return Optional.empty();
    }

    /** 0 if the ledger knows too little to say. */
    private double perDay() {
        Instant first = traffic.first();
        Instant last = traffic.last();
        if (first == null || last == null || traffic.predictions() < 2) {
            return 0;
        }
        Duration span = Duration.between(first, last);
        return (span.compareTo(LEAST_SPAN) >= 0) ? (traffic.predictions() - 1) * MILLIS_PER_DAY / span.toMillis() : 0;
    }

}
