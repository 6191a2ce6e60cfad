package io.modelserver.experiment.verdict;

import java.util.List;
import java.util.Optional;

import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.statistics.Numbers;

/**
 * Whether what was observed can be judged at all, however large a difference is.
 */
final class Validity {

    private final SampleRatio sampleRatio;

    private final CoverageCheck coverageCheck;

    private final List<Coverage> coverage;

    private final Evidence evidence;

    Validity(Evidence evidence, SampleRatio sampleRatio, CoverageCheck coverageCheck) {
        this.evidence = evidence;
        this.sampleRatio = sampleRatio;
        this.coverageCheck = coverageCheck;
        this.coverage = coverageCheck.coverage();
    }

    List<Coverage> coverage() {
        return coverage;
    }

    Optional<String> obstacle(Contest contest) {
        return switch (contest.design()) {
            case SPLIT -> ofSplit(contest.variant().name());
            case PAIRED -> new GuardrailCheck(evidence.experiment()).breach(evidence, contest.variant())
                .map(Breach::reason)
                .or(coverageCheck::obstacleOfPairs);
        };
    }

    private Optional<String> ofSplit(String variant) {
        if (sampleRatio.mismatch()) {
            return Optional.of("the variants did not get their shares of the units");
        }
        Coverage control = coverage.getFirst();
        return coverage.stream()
            .filter((one) -> one.variant().equals(variant) && one.mismatch())
            .findFirst()
            .map((one) -> mismatch(one, control));
    }

    /** Names the direction of which most is missing. */
    private static String mismatch(Coverage variant, Coverage control) {
        boolean ofVariant = share(variant) < share(control);
        Coverage least = ofVariant ? variant : control;
        Coverage other = ofVariant ? control : variant;
        return "outcomes are known of %s of its answers and of %s of those of control%s: report all".formatted(
                Numbers.percent(share(variant)), Numbers.percent(share(control)),
                least.least()
                    .map((one) -> ", least of the %ss of %s (%s; of %s %s)".formatted(one.direction(), least.variant(),
                            Numbers.percent(one.share()), other.variant(), other.share(one.direction())))
                    .orElse(""));
    }

    private static double share(Coverage coverage) {
        return (double) coverage.outcomes() / coverage.answered();
    }

}
