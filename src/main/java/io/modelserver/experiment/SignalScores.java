package io.modelserver.experiment;

import org.apache.commons.statistics.descriptive.DoubleStatistics;
import org.apache.commons.statistics.descriptive.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * One figure of every signal of a variant, e.g. its signed return, kept both signal by
 * signal and unit by unit, in flat memory.
 */
final class SignalScores {

    private final DoubleStatistics signals = DoubleStatistics.of(Statistic.MEAN, Statistic.VARIANCE, Statistic.SUM);

    private final UnitMoments units = new UnitMoments();

    void add(double score) {
        signals.accept(score);
    }

    /** All signals of a unit have been added. */
    void addUnit(long size, double sum) {
        units.add((double) size, sum);
    }

    @Nullable Double mean() {
        return defined(Statistic.MEAN, 1);
    }

    @Nullable Double sum() {
        return defined(Statistic.SUM, 1);
    }

    @Nullable Double standardDeviation() {
        Double variance = defined(Statistic.VARIANCE, 2);
        return (variance != null) ? Math.sqrt(variance) : null;
    }

    /**
     * {@return the moments of the units that were added, to add others to}
     */
    UnitMoments units() {
        return units.copy();
    }

    /**
     * {@return the mean as units tell it, or null if there are no signals}
     */
    @Nullable ClusteredMean clusteredMean(UnitMoments all) {
        return (signals.getCount() == 0) ? null : all.estimate(signals.getAsDouble(Statistic.VARIANCE));
    }

    private @Nullable Double defined(Statistic statistic, int leastCount) {
        return (signals.getCount() >= leastCount) ? signals.getAsDouble(statistic) : null;
    }

}
