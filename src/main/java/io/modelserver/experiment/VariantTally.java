package io.modelserver.experiment;

import io.modelserver.inference.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Counts and sums of one variant's observations, in memory that does not grow with them.
 */
final class VariantTally {

    private final String variant;

    private final AnalysisSettings settings;

    private final Latencies latencies = new Latencies();

    private final Classification classes = new Classification();

    private final SignalScores returns = new SignalScores();

    private final SignalScores hits = new SignalScores();

    private final OpenUnits open;

    private long closedUnits;

    private boolean firstPass = true;

    private long failures;

    private long acted;

    private long wins;

    VariantTally(String variant, AnalysisSettings settings, OpenUnits open) {
        this.variant = variant;
        this.settings = settings;
        this.open = open;
    }

    void add(Observation observation) {
        OpenUnits.Unit unit = open.open(observation.unit(), this::close);
        if (firstPass) {
            latencies.add(observation.latencyNanos());
            failures += observation.failed() ? 1 : 0;
        }
        Direction direction = observation.direction();
        Observation.Result result = observation.result();
        if (!observation.failed() && direction != null && result != null) {
            double actualReturn = result.actualReturn();
            Direction truth = (Math.abs(actualReturn) <= settings.neutralBand()) ? Direction.HOLD
                    : (actualReturn > 0) ? Direction.BUY : Direction.SELL;
            double signedReturn = switch (direction) {
                case BUY -> actualReturn;
                case SELL -> -actualReturn;
                case HOLD -> 0;
            };
            if (unit != null) {
                unit.add(signedReturn, (truth == direction) ? 1 : 0);
            }
            if (firstPass) {
                score(direction, truth, signedReturn);
            }
        }
    }

    private void close(OpenUnits.Unit unit) {
        closedUnits++;
        if (unit.signals() > 0) {
            returns.addUnit(unit.signals(), unit.returns());
            hits.addUnit(unit.signals(), unit.hits());
        }
    }

    /** Returns whether all observations must be added once more. */
    boolean endPass() {
        firstPass = false;
        return open.endPass(this::close);
    }

    private void score(Direction direction, Direction truth, double signedReturn) {
        classes.add(truth, direction);
        hits.add((truth == direction) ? 1 : 0);
        returns.add(signedReturn);
        if (direction != Direction.HOLD) {
            acted++;
            wins += (signedReturn > 0) ? 1 : 0;
        }
    }

    long samples() {
        return latencies.count();
    }

    long failures() {
        return failures;
    }

    long units() {
        return closedUnits + open.count();
    }

    long outcomes() {
        return classes.total();
    }

    Latencies latencies() {
        return latencies;
    }

    /**
     * {@return the mean signed return as units tell it, those that are being added up as
     * they stand; null if there are no outcomes}
     */
    @Nullable ClusteredMean meanReturn() {
        UnitMoments units = returns.units();
        open.forEach((unit) -> addTo(units, unit, unit.returns()));
        return returns.clusteredMean(units);
    }

    /**
     * {@return the share of directions that came true, likewise}
     */
    @Nullable ClusteredMean meanHit() {
        UnitMoments units = hits.units();
        open.forEach((unit) -> addTo(units, unit, unit.hits()));
        return hits.clusteredMean(units);
    }

    private static void addTo(UnitMoments units, OpenUnits.Unit unit, double sum) {
        if (unit.signals() > 0) {
            units.add((double) unit.signals(), sum);
        }
    }

    VariantMetrics metrics() {
        return new VariantMetrics(variant, samples(), units(), outcomes(), classes.accuracy(), classes.precision(),
                classes.recall(), classes.f1Score(), Quotient.of(wins, acted), returns.mean(), sharpeRatio(),
                returns.sum(), latencies.meanMillis(), latencies.p95Millis(), Quotient.of(failures, samples()));
    }

    private @Nullable Double sharpeRatio() {
        Double mean = returns.mean();
        Double deviation = returns.standardDeviation();
        if (mean == null || deviation == null) {
            return null;
        }
        return Quotient.of(mean * Math.sqrt(settings.periodsPerYear()), deviation);
    }

}
