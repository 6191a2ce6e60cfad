package io.modelserver.experiment.verdict;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrail;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Latencies;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.evidence.VariantTally;
import io.modelserver.experiment.statistics.BinomialMixture;
import io.modelserver.experiment.statistics.Numbers;
import io.modelserver.experiment.statistics.SignificanceLevels;
import org.jspecify.annotations.Nullable;

/**
 * Finds treatments that are beyond their guardrails: by bounds that hold at all looks at
 * once, so that noise ends no experiment, and not before {@code min_samples} requests of
 * both. A latency percentile is bounded by how many samples lie above it, after Howard
 * and Ramdas, "Sequential estimation of quantiles with applications to A/B testing and
 * best-arm identification", Bernoulli 28 (2022).
 * <p>
 * Requests are taken to be independent here. An input on which every model fails is none
 * of the variant's failures (see {@link Observation}), so what is left are a variant's
 * own, and a treatment that fails for its only symbol is taken out.
 */
final class GuardrailCheck {

    private static final double TAIL = 0.05;

    private final Experiment experiment;

    private final BinomialMixture bounds;

    GuardrailCheck(Experiment experiment) {
        this.experiment = experiment;
        int bounds = Math.max(1, experiment.treatments().size()) * Guardrail.values().length * 2;
        this.bounds = new BinomialMixture(SignificanceLevels.GUARDRAILS / bounds);
    }

    List<Breach> breaches(Evidence evidence) {
        return experiment.treatments().stream().flatMap((variant) -> breaches(evidence, variant)).toList();
    }

    /**
     * {@return the first guardrail that a variant is beyond, a shadow as well}
     */
    Optional<Breach> breach(Evidence evidence, Variant variant) {
        return breaches(evidence, variant).findFirst();
    }

    private Stream<Breach> breaches(Evidence evidence, Variant variant) {
        VariantTally control = evidence.tally(experiment.control());
        VariantTally treatment = evidence.tally(variant);
        if (Math.min(control.samples(), treatment.samples()) < experiment.minSamples()) {
            return Stream.empty();
        }
        return Stream
            .of(errorRate(variant.name(), control, treatment),
                    latency(variant.name(), control.latencies(), treatment.latencies()))
            .flatMap(Optional::stream);
    }

    private Optional<Breach> errorRate(String variant, VariantTally control, VariantTally treatment) {
        double controlRate = (double) control.failures() / control.samples();
        double rate = (double) treatment.failures() / treatment.samples();
        if (rate <= errorLimit(controlRate)) {
            return Optional.empty();
        }
        double least = bounds.lower(treatment.failures(), treatment.samples());
        double controlMost = bounds.upper(control.failures(), control.samples());
        if (least <= errorLimit(controlMost)) {
            return Optional.empty();
        }
        return Optional.of(new Breach(variant, Guardrail.ERROR_RATE,
                "%s failed on %d of %d requests (%s, surely more than %s), control on %d of %d (%s, surely less than %s)"
                    .formatted(variant, treatment.failures(), treatment.samples(), Numbers.percent(rate),
                            Numbers.percent(least), control.failures(), control.samples(), Numbers.percent(controlRate),
                            Numbers.percent(controlMost))));
    }

    /** The stricter of the two limits, infinite if there is none. */
    private double errorLimit(double controlRate) {
        Double increase = experiment.guardrails().maxErrorRateIncrease();
        Double ratio = experiment.guardrails().maxErrorRateRatio();
        return Math.min(orInfinity((increase != null) ? controlRate + increase : null),
                orInfinity((ratio != null) ? controlRate * ratio : null));
    }

    private Optional<Breach> latency(String variant, Latencies control, Latencies treatment) {
        Double ratio = experiment.guardrails().maxP95LatencyRatio();
        Double p95 = treatment.p95Millis();
        Double controlP95 = control.p95Millis();
        if (ratio == null || p95 == null || controlP95 == null || p95 <= ratio * controlP95) {
            return Optional.empty();
        }
        long exceeding = mostSurelyInTail(control.count());
        if (exceeding < 0) {
            return Optional.empty();
        }
        double controlMost = control.millisExceededBy(exceeding);
        long above = treatment.countAbove(ratio * controlMost);
        if (above <= TAIL * treatment.count() || !bounds.rulesOut(TAIL, above, treatment.count())) {
            return Optional.empty();
        }
        return Optional.of(new Breach(variant, Guardrail.P95_LATENCY,
                "%s has a p95 latency of %s ms, surely more than %s times that of control, %s ms and surely less than %s ms"
                    .formatted(variant, Numbers.text(p95), ratio, Numbers.text(controlP95),
                            Numbers.text(controlMost))));
    }

    /**
     * {@return the most samples that may exceed a value that is surely beyond the 95th
     * percentile, or −1 if there are too few samples for any}
     */
    private long mostSurelyInTail(long samples) {
        long most = -1;
        long tooMany = (long) Math.ceil(TAIL * samples);
        while (tooMany - most > 1) {
            long middle = (most + tooMany) >>> 1;
            if (bounds.rulesOut(TAIL, middle, samples)) {
                most = middle;
            }
            else {
                tooMany = middle;
            }
        }
        return most;
    }

    private static double orInfinity(@Nullable Double limit) {
        return (limit != null) ? limit : Double.POSITIVE_INFINITY;
    }

}
