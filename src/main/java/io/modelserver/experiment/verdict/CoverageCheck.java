package io.modelserver.experiment.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.VariantTally;
import io.modelserver.experiment.statistics.BlockVariance;
import io.modelserver.experiment.statistics.ClusteredMean;
import io.modelserver.experiment.statistics.NormalMixture;
import io.modelserver.experiment.statistics.Numbers;
import io.modelserver.experiment.statistics.TimeMean;
import io.modelserver.experiment.statistics.WelchComparison;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Whether outcomes are missing of some variants, or of some directions, more than of
 * others. A caller that leaves out what was not traded, or positions that never closed,
 * reports different things for each variant, and no difference can be trusted.
 * <p>
 * Shares are compared as returns are, clustered both ways, since a symbol or an hour
 * loses all its outcomes at once; by a bound that holds at all looks at once; and only
 * where the outcome is due. A shadow is compared to control on requests that control
 * answered: there the shares of control's directions must be alike.
 */
final class CoverageCheck {

    private static final double LEAST_ANSWERS = 50;

    private static final double EXPECTED_INFORMATION = 500;

    private final Evidence evidence;

    private final VariantTally control;

    private final long dueMillis;

    private final NormalMixture mixture = NormalMixture.closestAt(EXPECTED_INFORMATION, SampleRatio.ALPHA);

    CoverageCheck(Evidence evidence, Instant now) {
        this.evidence = evidence;
        this.control = evidence.tally(evidence.experiment().control());
        this.dueMillis = now.minus(evidence.horizon()).toEpochMilli();
    }

    /**
     * {@return the coverage of every variant that answers requests, control first}
     */
    List<Coverage> coverage() {
        List<Coverage> all = new ArrayList<>();
        for (Variant variant : evidence.experiment().variants()) {
            if (!variant.shadow()) {
                VariantTally tally = evidence.tally(variant);
                Double pValue = (tally != control) ? pValue(tally) : null;
                all.add(of(tally, pValue));
            }
        }
        return all;
    }

    private static Coverage of(VariantTally tally, @Nullable Double pValue) {
        List<Coverage.OfDirection> directions = new ArrayList<>();
        long answered = 0;
        for (Direction direction : Direction.values()) {
            TimeMean share = tally.coverage(direction, Long.MAX_VALUE);
            long answers = Math.round(share.total());
            answered += answers;
            directions.add(new Coverage.OfDirection(direction, answers,
                    (answers > 0) ? Math.round(share.total() * share.value()) : 0));
        }
        return new Coverage(tally.variant(), answered, tally.outcomes(), directions, pValue,
                pValue != null && pValue < SampleRatio.ALPHA);
    }

    private @Nullable Double pValue(VariantTally treatment) {
        return pValue(control.coverage(dueMillis), control.coverageOfUnits(), treatment.coverage(dueMillis),
                treatment.coverageOfUnits());
    }

    /**
     * {@return why control's outcomes can't be used for a shadow, empty if they can}
     */
    Optional<String> obstacleOfPairs() {
        TimeMean hold = control.coverage(Direction.HOLD, dueMillis);
        for (Direction direction : List.of(Direction.BUY, Direction.SELL)) {
            TimeMean share = control.coverage(direction, dueMillis);
            Double pValue = pValue(hold, null, share, null);
            if (pValue != null && pValue < SampleRatio.ALPHA) {
                Direction least = (share.value() < hold.value()) ? direction : Direction.HOLD;
                return Optional
                    .of("outcomes are known of %s of control's %ss and of %s of its HOLDs: report those of its %ss too"
                        .formatted(Numbers.percent(share.value()), direction, Numbers.percent(hold.value()), least));
            }
        }
        return Optional.empty();
    }

    private @Nullable Double pValue(TimeMean one, @Nullable ClusteredMean oneByUnits, TimeMean other,
            @Nullable ClusteredMean otherByUnits) {
        if (Math.min(one.total(), other.total()) < LEAST_ANSWERS) {
            return null;
        }
        BlockVariance blocks = control.times().variance(other, one, evidence.block().toMillis(), dueMillis);
        double together = (one.value() * one.total() + other.value() * other.total()) / (one.total() + other.total());
        double single = together * (1 - together);
        WelchComparison test = WelchComparison.of(mean(one, oneByUnits, single), mean(other, otherByUnits, single),
                blocks);
        return (test != null) ? mixture.pValue(test.normalDeviate(), test.information()) : null;
    }

    /** A share of all or nothing has a variance too: that of both shares together. */
    private static ClusteredMean mean(TimeMean share, @Nullable ClusteredMean byUnits, double single) {
        double independent = single / share.total();
        double variance = (byUnits != null && byUnits.wholeUnits() > 1) ? Math.max(independent, byUnits.variance())
                : independent;
        double units = (byUnits != null) ? byUnits.effectiveUnits() : share.total();
        return new ClusteredMean(Math.round(share.total()), share.value(), single, variance, variance, units);
    }

}
