package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.util.Optional;

import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.statistics.BlockVariance;
import io.modelserver.experiment.statistics.Design;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.Numbers;
import io.modelserver.experiment.statistics.WelchComparison;
import org.jspecify.annotations.Nullable;

/** One variant against control: what the evidence says of their difference. */
public sealed interface Contest permits SplitContest, PairedContest {

    /**
     * {@return the treatment or shadow that is compared with control}
     */
    Variant variant();

    /**
     * {@return how it was given its requests}
     */
    Design design();

    /**
     * {@return how a figure differs, null while that can't be tested}
     * @param figure which of the figures of a signal
     */
    @Nullable Tested test(Figure figure);

    /**
     * {@return how the net return less the market's differs, null if that is unknown}
     */
    @Nullable Tested hedged();

    /**
     * {@return how often both advised the same, null if that is not known}
     */
    @Nullable Double agreementRate();

    /**
     * {@return how many blocks of time have outcomes}
     */
    long timeBlocks();

    /**
     * {@return why the outcomes can't be judged yet, empty if they can}
     * @param leastOutcomes how many outcomes each side needs
     * @param leastUnits how many effective units, and blocks of time, each side needs
     */
    Optional<String> obstacle(long leastOutcomes, int leastUnits);

    /**
     * A difference and its test.
     *
     * @param control the mean of control
     * @param treatment the mean of the variant
     * @param test of their difference
     */
    record Tested(double control, double treatment, WelchComparison test) {
    }

    /**
     * {@return why there are not enough blocks of time, empty if there are}
     * @param whose outcomes they are, in words
     * @param blocks of time that have outcomes
     * @param least how many effective ones are needed
     * @param length of a block
     */
    static Optional<String> fewBlocks(String whose, BlockVariance blocks, int least, Duration length) {
        if (blocks.wholeBlocks() >= least) {
            return Optional.empty();
        }
        return Optional.of("the outcomes of %s fall into %s of %s%s; at least %d are needed".formatted(whose,
                Numbers.count(blocks.blocks(), "time block"), Numbers.text(length),
                Numbers.worth(blocks.blocks(), blocks.effectiveBlocks()), least));
    }

}
