package io.modelserver.experiment;

import io.modelserver.inference.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Counts and sums of one variant's observations, in flat memory. Those of one unit must
 * come one after another.
 */
final class VariantTally {

    private final String variant;

    private final AnalysisSettings settings;

    private final Latencies latencies = new Latencies();

    private final Classification classes = new Classification();

    private final SignalScores returns = new SignalScores();

    private final SignalScores hits = new SignalScores();

    private @Nullable String unit;

    private long units;

    private long failures;

    private long acted;

    private long wins;

    VariantTally(String variant, AnalysisSettings settings) {
        this.variant = variant;
        this.settings = settings;
    }

    void add(Observation observation) {
        if (!observation.unit().equals(unit)) {
            unit = observation.unit();
            units++;
            returns.endUnit();
            hits.endUnit();
        }
        latencies.add(observation.latencyNanos());
        Direction direction = observation.direction();
        if (observation.failed()) {
            failures++;
        }
        else if (direction != null && observation.actualReturn() != null) {
            score(direction, observation.actualReturn());
        }
    }

    private void score(Direction direction, double actualReturn) {
        Direction truth = (Math.abs(actualReturn) <= settings.neutralBand()) ? Direction.HOLD
                : (actualReturn > 0) ? Direction.BUY : Direction.SELL;
        double signedReturn = switch (direction) {
            case BUY -> actualReturn;
            case SELL -> -actualReturn;
            case HOLD -> 0;
        };
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
        return units;
    }

    long outcomes() {
        return classes.total();
    }

    Latencies latencies() {
        return latencies;
    }

    SignalScores returns() {
        return returns;
    }

    SignalScores hits() {
        return hits;
    }

    VariantMetrics metrics() {
        return new VariantMetrics(variant, samples(), units, outcomes(), classes.accuracy(), classes.precision(),
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
