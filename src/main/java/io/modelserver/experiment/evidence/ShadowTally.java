package io.modelserver.experiment.evidence;

import io.modelserver.experiment.statistics.BlockVariance;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.Quotient;
import io.modelserver.experiment.statistics.TimeMean;
import io.modelserver.experiment.statistics.TimeSums;
import io.modelserver.experiment.statistics.WelchComparison;
import io.modelserver.signal.Direction;
import org.apache.commons.statistics.descriptive.DoubleStatistics;
import org.apache.commons.statistics.descriptive.Statistic;
import org.jspecify.annotations.Nullable;

/**
 * Counts and sums of the requests that a shadow and control both answered, and of those
 * with an outcome what the shadow would have earned less what control earned. Flat
 * memory.
 */
public final class ShadowTally {

    /** How many figures of {@link TimeSums} a shadow has. */
    static final int TIMED = Figure.COUNT + 3;

    private static final int PAIRS = Figure.COUNT;

    private static final int HEDGED_PAIRS = Figure.COUNT + 1;

    private static final int HEDGED = Figure.COUNT + 2;

    private final String variant;

    private final AnalysisSettings settings;

    private final double cost;

    private final TimeSums times;

    private final int place;

    private final Latencies controlLatencies = new Latencies();

    private final Latencies shadowLatencies = new Latencies();

    private final DoubleStatistics[] differences = new DoubleStatistics[Figure.COUNT];

    private final double[] ofControl = new double[Figure.COUNT];

    private final MarketMinute hedge = new MarketMinute(this::addHedged);

    private long agreed;

    private double confidenceDifferences;

    private long confidences;

    private long outcomes;

    private double hedgedPairs;

    private double hedgedSum;

    private double hedgedSquares;

    private double hedgedOfControl;

    /**
     * Creates an empty tally.
     * @param variant the shadow's name
     * @param settings how outcomes are read
     * @param cost of an acted signal, as a fraction of the price
     * @param times sums by time, of all variants
     * @param place the first of the {@link #TIMED} figures there that are of this shadow
     */
    ShadowTally(String variant, AnalysisSettings settings, double cost, TimeSums times, int place) {
        this.variant = variant;
        this.settings = settings;
        this.cost = cost;
        this.times = times;
        this.place = place;
        for (int i = 0; i < differences.length; i++) {
            differences[i] = DoubleStatistics.of(Statistic.MEAN, Statistic.VARIANCE);
        }
    }

    void add(Observation control, Observation shadow) {
        Direction answered = control.direction();
        Direction said = shadow.direction();
        if (control.failed() || shadow.failed() || answered == null || said == null) {
            return;
        }
        agreed += (answered == said) ? 1 : 0;
        double confidenceDifference = shadow.confidence() - control.confidence();
        if (!Double.isNaN(confidenceDifference)) {
            confidenceDifferences += confidenceDifference;
            confidences++;
        }
        controlLatencies.add(control.latencyNanos());
        shadowLatencies.add(shadow.latencyNanos());
        Observation.Result result = control.result();
        Observation.Result ofShadow = shadow.result();
        if (result != null && ofShadow != null) {
            compare(shadow.eventMillis(), answered, said, result, ofShadow.fee());
        }
    }

    private void compare(long eventMillis, Direction answered, Direction said, Observation.Result result,
            double shadowFee) {
        double controlCost = cost + result.fee();
        double shadowCost = cost + shadowFee;
        Scores control = Scores.of(answered, result.actualReturn(), controlCost, settings.neutralBand());
        Scores shadow = Scores.of(said, result.actualReturn(), shadowCost, settings.neutralBand());
        double[] now = times.at(eventMillis);
        add(now, Figure.NET, control.net(), shadow.net());
        add(now, Figure.GROSS, control.gross(), shadow.gross());
        add(now, Figure.HIT, control.hit(), shadow.hit());
        now[place + PAIRS]++;
        outcomes++;
        hedge.add(eventMillis, result.actualReturn(), Scores.sign(answered), Scores.sign(said),
                control.gross() - control.net(), shadow.gross() - shadow.net());
    }

    private void add(double[] now, Figure figure, double control, double shadow) {
        differences[figure.place()].accept(shadow - control);
        ofControl[figure.place()] += control;
        now[place + figure.place()] += shadow - control;
    }

    private void addHedged(long eventMillis, MarketMinute.Sums sums) {
        double[] then = times.at(eventMillis);
        then[place + HEDGED_PAIRS] += sums.signals();
        then[place + HEDGED] += sums.difference();
        hedgedPairs += sums.signals();
        hedgedSum += sums.difference();
        hedgedSquares += sums.squares();
        hedgedOfControl += sums.control();
    }

    void endPass() {
        hedge.close();
    }

    /**
     * {@return the name of the shadow}
     */
    public String variant() {
        return variant;
    }

    /**
     * {@return how many pairs have an outcome}
     */
    public long outcomes() {
        return outcomes;
    }

    /**
     * {@return the share of pairs of which both advised the same, from 0 to 1; null
     * without pairs}
     */
    public @Nullable Double agreementRate() {
        return Quotient.of(agreed, shadowLatencies.count());
    }

    /**
     * {@return the mean of a figure of control, over pairs with outcomes}
     * @param figure which of the figures of a signal
     */
    public double meanOfControl(Figure figure) {
        return ofControl[figure.place()] / outcomes;
    }

    /**
     * {@return how many blocks of time the pairs with outcomes are of, and the variance
     * of the mean difference of a figure by them}
     * @param figure which of the figures of a signal
     * @param blockMillis how long a block is at least, in milliseconds
     */
    public BlockVariance blocks(Figure figure, long blockMillis) {
        double mean = differences[figure.place()].getAsDouble(Statistic.MEAN);
        return times.variance(new TimeMean(place + PAIRS, place + figure.place(), mean, (double) outcomes), null,
                blockMillis, Long.MAX_VALUE);
    }

    /**
     * {@return the test of the mean difference of a figure, null if it can't be tested}
     * @param figure which of the figures of a signal
     * @param blockMillis how long a block is at least, in milliseconds
     */
    public @Nullable WelchComparison test(Figure figure, long blockMillis) {
        DoubleStatistics difference = differences[figure.place()];
        return (outcomes < 2) ? null : WelchComparison.paired(difference.getAsDouble(Statistic.MEAN), (double) outcomes,
                difference.getAsDouble(Statistic.VARIANCE), blocks(figure, blockMillis));
    }

    /**
     * {@return the mean of control's net return less the market's, NaN if there is none}
     */
    public double hedgedMeanOfControl() {
        return hedgedOfControl / hedgedPairs;
    }

    /**
     * {@return the test of the mean difference of net returns less the market's, null if
     * it can't be tested}
     * @param blockMillis how long a block is at least, in milliseconds
     */
    public @Nullable WelchComparison hedgedTest(long blockMillis) {
        if (hedgedPairs < 2) {
            return null;
        }
        double mean = hedgedSum / hedgedPairs;
        BlockVariance blocks = times.variance(new TimeMean(place + HEDGED_PAIRS, place + HEDGED, mean, hedgedPairs),
                null, blockMillis, Long.MAX_VALUE);
        return WelchComparison.paired(mean, hedgedPairs, hedgedSquares / hedgedPairs - mean * mean, blocks);
    }

    ShadowComparison comparison() {
        long pairs = shadowLatencies.count();
        return new ShadowComparison(variant, pairs, agreementRate(),
                Quotient.of(confidenceDifferences, (double) confidences), shadowLatencies.meanMillis(),
                controlLatencies.meanMillis(), shadowLatencies.p95Millis(), controlLatencies.p95Millis());
    }

}
