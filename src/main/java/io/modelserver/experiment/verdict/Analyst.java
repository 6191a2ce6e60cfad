package io.modelserver.experiment.verdict;

import java.time.Instant;
import java.util.Optional;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.statistics.Method;
import io.modelserver.experiment.statistics.NormalMixture;
import io.modelserver.experiment.statistics.SignificanceLevels;

/**
 * Judges evidence. The mean net return of a signal decides; the guardrails come first.
 * <p>
 * While an experiment runs, until its outcomes are in, and after it was stopped,
 * differences are tested by a confidence sequence ({@link NormalMixture}), so it is safe
 * to look after every outcome and to stop at any look. Once it ran the time that was
 * planned, and one outcome horizon more, they are tested by Welch's t-test, those of a
 * shadow by the one-sample t-test, at the final look. An experiment that was stopped
 * before its time never gets that test: its end may owe to what was seen. All looks, the
 * last one and the guardrails together give a false verdict in at most 5 % of experiments
 * ({@link SignificanceLevels}), as far as the central limit theorem reaches: from 100
 * outcomes, 10 effective units per variant and 10 effective blocks of time.
 * <p>
 * Power: with independent signals of standard deviation σ and n₁ and n₂ of them, over 30
 * blocks of time or more, a true difference δ is found at the planned end with a
 * probability of at least 75 % if n₁n₂ ∕ (n₁ + n₂) ≥ (3.2 σ ∕ δ)², and, with the default
 * of 100 outcomes at least, of 70 % at some look before that if it is ≥ (4.2 σ ∕ δ)²:
 * with δ = 0.2 σ and equal traffic 512 and 882 outcomes per variant.
 */
public final class Analyst {

    private Analyst() {
    }

    /**
     * Analyses an experiment at one look.
     * @param evidence what was observed up to now
     * @param now the present, which tells whether its time has run out
     * @return the analysis
     */
    public static Analysis analyse(Evidence evidence, Instant now) {
        return analyse(evidence, now, Timing.of(evidence, now));
    }

    /**
     * Analyses an experiment at a look that is not its final one, however late.
     * @param evidence what was observed up to now
     * @param now the present
     * @return the analysis
     */
    public static Analysis analyseBeforeFinalLook(Evidence evidence, Instant now) {
        return analyse(evidence, now, Timing.of(evidence, now).beforeFinalLook());
    }

    private static Analysis analyse(Evidence evidence, Instant now, Timing timing) {
        Experiment experiment = evidence.experiment();
        Method method = (timing.finalLook() && experiment.ranItsTime(now)) ? Method.WELCH_TEST
                : Method.CONFIDENCE_SEQUENCE;
        SampleRatio sampleRatio = SampleRatio.of(evidence);
        Validity validity = new Validity(evidence, sampleRatio, new CoverageCheck(evidence, now));
        var comparisons = new Comparer(experiment, method).compare(evidence, validity);
        var breaches = new GuardrailCheck(experiment).breaches(evidence);
        return new Analysis(experiment.id(), method, timing, evidence.metrics(), comparisons, sampleRatio,
                validity.coverage(), breaches, evidence.shadowComparisons(),
                new Advice(experiment, timing, comparisons, breaches, sampleRatio).at(now)
                    .withReason(leftOut(evidence.leftOut())));
    }

    private static Optional<String> leftOut(long outcomes) {
        return (outcomes == 0) ? Optional.empty()
                : Optional.of("%s as unknown: %s return or fee is beyond modelserver.experiment.max-return".formatted(
                        (outcomes == 1) ? "1 outcome counts" : outcomes + " outcomes count",
                        (outcomes == 1) ? "its" : "their"));
    }

}
