package io.modelserver.experiment.evidence;

import java.util.Arrays;
import java.util.function.Consumer;

import io.modelserver.experiment.statistics.ClusteredMean;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.Quotient;
import io.modelserver.experiment.statistics.TimeMean;
import io.modelserver.experiment.statistics.TimeSums;
import io.modelserver.experiment.statistics.UnitMoments;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/** Counts and sums of a variant's observations, in memory that does not grow. */
public final class VariantTally {

    /** How many figures of {@link TimeSums} a variant has. */
    static final int TIMED = Figure.COUNT + 2 + 2 * 3;

    private static final int OUTCOMES = Figure.COUNT;

    private static final int ANSWERED = Figure.COUNT + 1;

    private static final int BY_DIRECTION = Figure.COUNT + 2;

    private final String variant;

    private final AnalysisSettings settings;

    private final double cost;

    private final Latencies latencies = new Latencies();

    private final Classification classes = new Classification();

    private final SignalScores[] scores = new SignalScores[Figure.COUNT];

    private final UnitMoments coverage = new UnitMoments();

    private final DailyReturns days = new DailyReturns();

    private final TimeSums times;

    private final int place;

    private final OpenUnits open;

    private final Consumer<OpenUnits.Unit> close = this::close;

    private final Consumer<OpenUnits.Unit> closeCell = this::closeCell;

    private long closedUnits;

    private boolean firstPass = true;

    private long failures;

    private long acted;

    private long wins;

    /**
     * Creates an empty tally.
     * @param variant its name
     * @param settings how outcomes are read
     * @param cost of an acted signal, as a fraction of the price
     * @param open where its units are added up
     * @param times sums by time, of all variants
     * @param place the first of the {@link #TIMED} figures there that are of this variant
     */
    VariantTally(String variant, AnalysisSettings settings, double cost, OpenUnits open, TimeSums times, int place) {
        this.variant = variant;
        this.settings = settings;
        this.cost = cost;
        this.open = open;
        this.times = times;
        this.place = place;
        Arrays.setAll(scores, (figure) -> new SignalScores());
    }

    void add(Observation observation) {
        OpenUnits.Unit unit = open.open(observation.unit(), close);
        if (firstPass) {
            latencies.add(observation.latencyNanos());
            failures += observation.failed() ? 1 : 0;
        }
        Direction direction = observation.direction();
        if (observation.failed() || direction == null) {
            return;
        }
        Observation.Result result = observation.result();
        if (unit != null) {
            unit.answer();
        }
        if (firstPass) {
            double[] now = times.at(observation.eventMillis());
            now[place + ANSWERED]++;
            now[place + answered(direction)]++;
        }
        if (result != null) {
            score(observation.eventMillis(), direction, result, unit);
        }
    }

    private void score(long eventMillis, Direction direction, Observation.Result result,
            OpenUnits.@Nullable Unit unit) {
        Scores score = Scores.of(direction, result.actualReturn(), cost + result.fee(), settings.neutralBand());
        if (unit != null) {
            unit.add(score);
            if (open.comeBack()) {
                unit.openCell(times.bin(eventMillis), closeCell);
                unit.addToCell(score);
            }
        }
        if (firstPass) {
            classes.add(score.truth(), direction);
            scores(Figure.NET).add(score.net());
            scores(Figure.GROSS).add(score.gross());
            scores(Figure.HIT).add(score.hit());
            boolean acts = direction != Direction.HOLD;
            acted += acts ? 1 : 0;
            wins += (acts && score.net() > 0) ? 1 : 0;
            days.add(eventMillis, score.net(), acts);
            double[] now = times.at(eventMillis);
            now[place + Figure.NET.place()] += score.net();
            now[place + Figure.GROSS.place()] += score.gross();
            now[place + Figure.HIT.place()] += score.hit();
            now[place + OUTCOMES]++;
            now[place + answered(direction) + 1]++;
        }
    }

    private void close(OpenUnits.Unit unit) {
        unit.closeCell(closeCell);
        closedUnits++;
        if (unit.answered() > 0) {
            coverage.add((double) unit.answered(), (double) unit.signals());
        }
        if (unit.signals() > 0) {
            for (int figure = 0; figure < scores.length; figure++) {
                scores[figure].addUnit(unit.signals(), unit.sum(figure));
            }
        }
    }

    private void closeCell(OpenUnits.Unit unit) {
        for (int figure = 0; figure < scores.length; figure++) {
            scores[figure].addCell(unit.cellSignals(), unit.cellSum(figure));
        }
    }

    /** Returns whether all observations must be added once more. */
    boolean endPass() {
        firstPass = false;
        return open.endPass(close);
    }

    /**
     * {@return the name of the variant}
     */
    public String variant() {
        return variant;
    }

    /**
     * {@return how many predictions were assigned to it, failures among them}
     */
    public long samples() {
        return latencies.count();
    }

    /**
     * {@return how many of the samples failed}
     */
    public long failures() {
        return failures;
    }

    /**
     * {@return how many units sent them, including those still being added up}
     */
    public long units() {
        return closedUnits + open.count();
    }

    /**
     * {@return of how many predictions the outcome is known}
     */
    public long outcomes() {
        return classes.total();
    }

    /**
     * {@return how long the answers to all samples took, failed ones too}
     */
    public Latencies latencies() {
        return latencies;
    }

    /**
     * {@return the sums by time, shared by all variants of the experiment}
     */
    public TimeSums times() {
        return times;
    }

    /**
     * {@return the mean of a figure over all units so far; null without outcomes}
     * @param figure which of the figures of a signal
     */
    public @Nullable ClusteredMean mean(Figure figure) {
        SignalScores sums = scores(figure);
        UnitMoments units = sums.units();
        UnitMoments cells = sums.cells();
        open.forEach((unit) -> {
            if (unit.signals() > 0) {
                units.add((double) unit.signals(), unit.sum(figure.place()));
            }
            if (unit.cellSignals() > 0) {
                cells.add((double) unit.cellSignals(), unit.cellSum(figure.place()));
            }
        });
        return open.comeBack() ? sums.clusteredMean(units, cells) : sums.clusteredMean(units);
    }

    /**
     * {@return the same mean, estimated from time}
     * @param figure which of the figures of a signal
     * @param value the mean
     */
    public TimeMean timeMean(Figure figure, double value) {
        return new TimeMean(place + OUTCOMES, place + figure.place(), value, outcomes());
    }

    /**
     * {@return the share of answers with a known outcome, over bins that end by a time}
     * @param untilMillis milliseconds since 1970
     */
    public TimeMean coverage(long untilMillis) {
        return share(place + ANSWERED, place + OUTCOMES, untilMillis);
    }

    /**
     * {@return the same share of one direction}
     * @param direction what was advised
     * @param untilMillis milliseconds since 1970
     */
    public TimeMean coverage(Direction direction, long untilMillis) {
        int figure = place + answered(direction);
        return share(figure, figure + 1, untilMillis);
    }

    private TimeMean share(int answered, int known, long untilMillis) {
        double all = times.total(answered, untilMillis);
        return new TimeMean(answered, known, times.total(known, untilMillis) / all, all);
    }

    /**
     * {@return the share of all answers with a known outcome, estimated from units}
     */
    public ClusteredMean coverageOfUnits() {
        UnitMoments all = coverage.copy();
        open.forEach((unit) -> {
            if (unit.answered() > 0) {
                all.add((double) unit.answered(), (double) unit.signals());
            }
        });
        return all.estimate(Double.NaN);
    }

    VariantMetrics metrics() {
        SignalScores net = scores(Figure.NET);
        SignalScores gross = scores(Figure.GROSS);
        return new VariantMetrics(variant, samples(), units(), outcomes(), classes.accuracy(), classes.precision(),
                classes.recall(), classes.f1Score(), Quotient.of(wins, acted), net.mean(), gross.mean(),
                days.sharpeRatio(settings.periodsPerYear()), sharpePerSignal(), net.sum(), gross.sum(),
                days.maxDrawdown(), days.turnover(), latencies.meanMillis(), latencies.p95Millis(),
                Quotient.of(failures, samples()));
    }

    private @Nullable Double sharpePerSignal() {
        Double mean = scores(Figure.NET).mean();
        Double deviation = scores(Figure.NET).standardDeviation();
        return (mean != null && deviation != null) ? Quotient.of(mean, deviation) : null;
    }

    private static int answered(Direction direction) {
        return BY_DIRECTION + 2 * switch (direction) {
            case BUY -> 0;
            case SELL -> 1;
            case HOLD -> 2;
        };
    }

    private SignalScores scores(Figure figure) {
        return scores[figure.place()];
    }

}
