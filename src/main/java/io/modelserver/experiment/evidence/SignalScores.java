package io.modelserver.experiment.evidence;

import io.modelserver.experiment.statistics.ClusteredMean;
import io.modelserver.experiment.statistics.UnitMoments;
import org.apache.commons.statistics.descriptive.DoubleStatistics;
import org.apache.commons.statistics.descriptive.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * One figure of every signal of a variant, e.g. its signed return, kept signal by signal,
 * unit by unit, and cell by cell, a cell being what a unit did in a bin of time; in flat
 * memory.
 */
public final class SignalScores {

    private final DoubleStatistics signals = DoubleStatistics.of(Statistic.MEAN, Statistic.VARIANCE, Statistic.SUM);

    private final UnitMoments units = new UnitMoments();

    private final UnitMoments cells = new UnitMoments();

    /** Creates scores of no signal. */
    public SignalScores() {
    }

    /**
     * Adds one signal.
     * @param score what the figure is of it
     */
    public void add(double score) {
        signals.accept(score);
    }

    /**
     * Adds a unit, all of whose signals have been added.
     * @param size how many signals it has
     * @param sum of their scores
     */
    public void addUnit(long size, double sum) {
        units.add((double) size, sum);
    }

    /** All signals of a unit in a bin have been added. */
    void addCell(long size, double sum) {
        cells.add((double) size, sum);
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
    public UnitMoments units() {
        return units.copy();
    }

    /**
     * {@return the moments of the cells that were added, to add others to}
     */
    UnitMoments cells() {
        return cells.copy();
    }

    /**
     * {@return the mean estimated from units with one signal each, or null if there are
     * none}
     * @param allUnits the units that were added, and those that are still open
     */
    public @Nullable ClusteredMean clusteredMean(UnitMoments allUnits) {
        return (signals.getCount() == 0) ? null : allUnits.estimate(signals.getAsDouble(Statistic.VARIANCE));
    }

    /**
     * {@return the mean estimated from units, or null if there are no signals}
     */
    @Nullable ClusteredMean clusteredMean(UnitMoments allUnits, UnitMoments allCells) {
        ClusteredMean mean = clusteredMean(allUnits);
        if (mean == null) {
            return null;
        }
        double total = signals.getCount();
        return mean.withCellVariance(allCells.residuals(mean.value()) / (total * total));
    }

    private @Nullable Double defined(Statistic statistic, int leastCount) {
        return (signals.getCount() >= leastCount) ? signals.getAsDouble(statistic) : null;
    }

}
