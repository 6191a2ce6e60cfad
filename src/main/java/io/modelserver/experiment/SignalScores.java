package io.modelserver.experiment;

import org.apache.commons.statistics.descriptive.DoubleStatistics;
import org.apache.commons.statistics.descriptive.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * One figure of every signal of a variant, e.g. its signed return, kept both signal by
 * signal and unit by unit, in flat memory. Signals of one unit must come one after
 * another.
 */
final class SignalScores {

    private final DoubleStatistics signals = DoubleStatistics.of(Statistic.MEAN, Statistic.VARIANCE, Statistic.SUM);

    private final UnitMoments finishedUnits = new UnitMoments();

    private double unitSize;

    private double unitSum;

    void add(double score) {
        signals.accept(score);
        unitSize++;
        unitSum += score;
    }

    /** Says that the signals that follow are another unit's. */
    void endUnit() {
        if (unitSize > 0) {
            finishedUnits.add(unitSize, unitSum);
            unitSize = 0;
            unitSum = 0;
        }
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
     * {@return the mean as the units tell it, or null if there are no signals; the unit
     * that is being added to counts as it stands}
     */
    @Nullable ClusteredMean clusteredMean() {
        if (signals.getCount() == 0) {
            return null;
        }
        UnitMoments units = finishedUnits;
        if (unitSize > 0) {
            units = finishedUnits.copy();
            units.add(unitSize, unitSum);
        }
        return units.estimate(signals.getAsDouble(Statistic.VARIANCE));
    }

    private @Nullable Double defined(Statistic statistic, int leastCount) {
        return (signals.getCount() >= leastCount) ? signals.getAsDouble(statistic) : null;
    }

}
