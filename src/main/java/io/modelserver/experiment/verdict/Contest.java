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

    Variant variant();

    Design design();

    /**
     * {@return how a figure differs, null while that can't be tested}
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
