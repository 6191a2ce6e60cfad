package io.modelserver.experiment.verdict;

import java.util.Optional;

import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.VariantTally;
import io.modelserver.experiment.statistics.BlockVariance;
import io.modelserver.experiment.statistics.ClusteredMean;
import io.modelserver.experiment.statistics.Design;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.Numbers;
import io.modelserver.experiment.statistics.WelchComparison;
import org.jspecify.annotations.Nullable;

/** A treatment that answers requests of its own against control. */
final class SplitContest implements Contest {

    private final Evidence evidence;

    private final Variant variant;

    private final VariantTally control;

    private final VariantTally treatment;

    SplitContest(Evidence evidence, Variant variant) {
        this.evidence = evidence;
        this.variant = variant;
        this.control = evidence.tally(evidence.experiment().control());
        this.treatment = evidence.tally(variant);
    }

    @Override
    public Variant variant() {
        return variant;
    }

    @Override
    public Design design() {
        return Design.SPLIT;
    }

    @Override
    public @Nullable Tested test(Figure figure) {
        ClusteredMean ofControl = control.mean(figure);
        ClusteredMean ofTreatment = treatment.mean(figure);
        if (ofControl == null || ofTreatment == null) {
            return null;
        }
        WelchComparison test = WelchComparison.of(ofControl, ofTreatment,
                blocks(figure, ofControl.value(), ofTreatment.value()));
        return (test != null) ? new Tested(ofControl.value(), ofTreatment.value(), test) : null;
    }

    private BlockVariance blocks(Figure figure, double ofControl, double ofTreatment) {
        return control.times()
            .variance(treatment.timeMean(figure, ofTreatment), control.timeMean(figure, ofControl),
                    evidence.block().toMillis(), Long.MAX_VALUE);
    }

    @Override
    public @Nullable Tested hedged() {
        return null;
    }

    @Override
    public @Nullable Double agreementRate() {
        return null;
    }

    @Override
    public long timeBlocks() {
        return blocks(Figure.NET, 0, 0).blocks();
    }

    @Override
    public Optional<String> obstacle(long leastOutcomes, int leastUnits) {
        return few(control, leastOutcomes, leastUnits).or(() -> few(treatment, leastOutcomes, leastUnits))
            .or(() -> Contest.fewBlocks("%s and %s".formatted(control.variant(), treatment.variant()),
                    blocks(Figure.NET, 0, 0), leastUnits, evidence.block()));
    }

    private static Optional<String> few(VariantTally tally, long leastOutcomes, int leastUnits) {
        if (tally.outcomes() < leastOutcomes) {
            return Optional.of("%s has %s of at least %d".formatted(tally.variant(),
                    Numbers.count(tally.outcomes(), "outcome"), leastOutcomes));
        }
        ClusteredMean mean = tally.mean(Figure.NET);
        if (mean == null || mean.wholeUnits() < leastUnits) {
            return Optional.of("the outcomes of %s come from %s%s; at least %d are needed".formatted(tally.variant(),
                    Numbers.count(tally.units(), "unit"),
                    (mean != null) ? Numbers.worth(tally.units(), mean.effectiveUnits()) : "", leastUnits));
        }
        return Optional.empty();
    }

}
