package io.modelserver.experiment.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.statistics.Design;
import io.modelserver.experiment.statistics.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * Turns findings into a recommendation: a breached guardrail first, then the best of the
 * treatments and shadows that are better than control, then the worst of the treatments
 * that are worse. A shadow that is worse is mentioned, but there is nothing to take out:
 * its answers reach nobody.
 */
final class Advice {

    private final Experiment experiment;

    private final Timing timing;

    private final List<Comparison> comparisons;

    private final List<Breach> breaches;

    private final SampleRatio sampleRatio;

    Advice(Experiment experiment, Timing timing, List<Comparison> comparisons, List<Breach> breaches,
            SampleRatio sampleRatio) {
        this.experiment = experiment;
        this.timing = timing;
        this.comparisons = comparisons;
        this.breaches = breaches;
        this.sampleRatio = sampleRatio;
    }

    Recommendation at(Instant now) {
        if (!breaches.isEmpty()) {
            return new Recommendation(Action.ROLLBACK, breaches.getFirst().variant(),
                    Stream.concat(breaches.stream().map(Breach::reason), returns()).toList());
        }
        Comparator<Comparison> byReturn = Comparator.comparingDouble(Advice::difference);
        Optional<Comparison> best = found(Finding.Better.class).max(byReturn);
        if (best.isPresent()) {
            return verdict(Action.PROMOTE, best.get());
        }
        Optional<Comparison> worst = found(Finding.Worse.class)
            .filter((comparison) -> comparison.design() == Design.SPLIT)
            .min(byReturn);
        if (worst.isPresent()) {
            return verdict(Action.ROLLBACK, worst.get());
        }
        List<String> reasons = new ArrayList<>();
        reasons.add(whyNoVerdict(now));
        if (sampleRatio.mismatch() && sampleRatio.pValue() != null) {
            reasons.add("the units of the variants differ from their shares by more than chance (p = %s)"
                .formatted(Numbers.text(sampleRatio.pValue())));
        }
        comparisons.stream().map(Advice::sentence).forEach(reasons::add);
        return new Recommendation(Action.CONTINUE, null, reasons);
    }

    private Recommendation verdict(Action action, Comparison decisive) {
        List<String> reasons = new ArrayList<>();
        reasons.add(sentence(decisive));
        Difference accuracy = decisive.accuracy();
        if (accuracy != null) {
            reasons.add("%s, which does not decide".formatted(describe(decisive.variant(), "an accuracy", accuracy)));
        }
        comparisons.stream().filter((other) -> !other.equals(decisive)).map(Advice::sentence).forEach(reasons::add);
        return new Recommendation(action, decisive.variant(), reasons);
    }

    private Stream<Comparison> found(Class<? extends Finding> finding) {
        return comparisons.stream().filter((comparison) -> finding.isInstance(comparison.finding()));
    }

    private Stream<String> returns() {
        return comparisons.stream().map(Advice::sentence);
    }

    private String whyNoVerdict(Instant now) {
        String found = comparisons.stream().anyMatch((comparison) -> comparison.finding() instanceof Finding.Worse)
                ? "no variant is better" : "no difference has been shown";
        return switch (experiment.status()) {
            case Status.Running() when now.isBefore(experiment.endsAt()) ->
                "%s; the experiment runs until %s".formatted(found, experiment.endsAt());
            case Status.Running() -> ranOut(found);
            case Status.Ended ended when ended.how() == Ending.FINISHED -> ranOut(found);
            case Status.Ended ended ->
                "the experiment ended at %s, before its time, and %s: control stays".formatted(ended.at(), found);
        };
    }

    private String ranOut(String found) {
        if (!timing.finalLook()) {
            return "the experiment ran its time; the final look is due at %s, when its outcomes are in"
                .formatted(timing.finalLookAt());
        }
        return "the experiment ran its time and %s: control stays".formatted(found);
    }

    private static double difference(Comparison comparison) {
        Difference difference = comparison.avgReturn();
        return (difference != null) ? difference.difference() : 0;
    }

    private static String sentence(Comparison comparison) {
        if (comparison.finding() instanceof Finding.Withheld(String reason)) {
            return "%s is not judged: %s".formatted(comparison.variant(), reason);
        }
        Difference difference = comparison.avgReturn();
        return (difference != null) ? describe(subject(comparison), "a mean return", difference)
                : "%s is not judged".formatted(comparison.variant());
    }

    private static String subject(Comparison comparison) {
        return switch (comparison.design()) {
            case SPLIT -> comparison.variant();
            case PAIRED -> "the shadow " + comparison.variant();
        };
    }

    private static String describe(String variant, String figure, Difference difference) {
        return "%s has %s of %s against %s of control, a difference of %s (%s interval %s to %s; %s, p = %s)".formatted(
                variant, figure, Numbers.text(difference.treatment()), Numbers.text(difference.control()),
                Numbers.text(difference.difference()), Numbers.percent(difference.confidence()),
                bound(difference.lower()), bound(difference.upper()), difference.method().title(),
                Numbers.text(difference.adjustedPValue()));
    }

    private static String bound(@Nullable Double bound) {
        return (bound != null) ? Numbers.text(bound) : "unbounded";
    }

}
