package io.modelserver.experiment.verdict;

import java.util.Optional;

import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.ShadowTally;
import io.modelserver.experiment.statistics.Design;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.WelchComparison;
import org.jspecify.annotations.Nullable;

/** A shadow against control, on the requests that both answered. */
final class PairedContest implements Contest {

    private final Evidence evidence;

    private final Variant variant;

    private final ShadowTally shadow;

    PairedContest(Evidence evidence, Variant variant) {
        this.evidence = evidence;
        this.variant = variant;
        this.shadow = evidence.shadowTally(variant);
    }

    @Override
    public Variant variant() {
        return variant;
    }

    @Override
    public Design design() {
        return Design.PAIRED;
    }

    @Override
    public @Nullable Tested test(Figure figure) {
        return tested(shadow.meanOfControl(figure), shadow.test(figure, blockMillis()));
    }

    @Override
    public @Nullable Tested hedged() {
        return tested(shadow.hedgedMeanOfControl(), shadow.hedgedTest(blockMillis()));
    }

    private static @Nullable Tested tested(double control, @Nullable WelchComparison test) {
        return (test != null) ? new Tested(control, control + test.difference(), test) : null;
    }

    @Override
    public @Nullable Double agreementRate() {
        return shadow.agreementRate();
    }

    @Override
    public long timeBlocks() {
        return shadow.blocks(Figure.NET, blockMillis()).blocks();
    }

    @Override
    public Optional<String> obstacle(long leastOutcomes, int leastUnits) {
        if (shadow.outcomes() < leastOutcomes) {
            return Optional.of("%s and control have %d outcomes in common of at least %d".formatted(shadow.variant(),
                    shadow.outcomes(), leastOutcomes));
        }
        return Contest.fewBlocks("%s and control".formatted(shadow.variant()), shadow.blocks(Figure.NET, blockMillis()),
                leastUnits, evidence.block());
    }

    private long blockMillis() {
        return evidence.block().toMillis();
    }

}
