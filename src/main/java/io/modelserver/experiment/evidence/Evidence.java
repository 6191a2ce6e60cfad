package io.modelserver.experiment.evidence;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.statistics.TimeSums;

/**
 * What was observed in one experiment, taken in row by row, in any order (that of time is
 * best), in memory that does not grow with them. The analysis may be asked for at any
 * row. Only where there are very many units must the rows be gone through more than once:
 * see {@link #nextPass}. One thread.
 */
public final class Evidence {

    /**
     * Below this many outcomes a variance is not yet known well enough, whatever the
     * experiment asks for: with log-normal returns and traffic 0.9 to 0.1, looks from 20
     * outcomes on gave 8 % false verdicts, looks from 150 on 4 %.
     */
    public static final int LEAST_OUTCOMES = 100;

    private static final int MOST_UNITS = 100_000;

    private static final double BASIS_POINT = 1e-4;

    private final Experiment experiment;

    private final Map<String, VariantTally> variants = new LinkedHashMap<>();

    private final Map<String, ShadowTally> shadows = new LinkedHashMap<>();

    private final OutcomeHorizon horizon;

    private boolean firstPass = true;

    private long leftOut;

    /**
     * Creates empty evidence.
     * @param experiment the experiment
     * @param settings how outcomes are read
     */
    public Evidence(Experiment experiment, AnalysisSettings settings) {
        this(experiment, settings, MOST_UNITS);
    }

    Evidence(Experiment experiment, AnalysisSettings settings, int mostUnits) {
        this.experiment = experiment;
        this.horizon = new OutcomeHorizon(experiment.outcomeHorizon());
        double cost = Objects.requireNonNullElse(experiment.costBps(), settings.costBps()) * BASIS_POINT;
        boolean unitsComeBack = experiment.assignBy() != AssignBy.REQUEST;
        int most = Math.max(1, mostUnits / experiment.variants().size());
        int split = experiment.variants().size() * VariantTally.TIMED;
        TimeSums times = new TimeSums(split + experiment.shadows().size() * ShadowTally.TIMED,
                OutcomeHorizon.block(horizon.least()).toMillis());
        for (Variant variant : experiment.variants()) {
            variants.put(variant.name(), new VariantTally(variant.name(), settings, cost,
                    new OpenUnits(unitsComeBack, most), times, variants.size() * VariantTally.TIMED));
            if (variant.shadow()) {
                shadows.put(variant.name(), new ShadowTally(variant.name(), settings, cost, times,
                        split + shadows.size() * ShadowTally.TIMED));
            }
        }
    }

    /**
     * Adds one request of a variant, shadows too: their signals are scored with the
     * outcome of the request that they got a copy of, and with a fee of their own where
     * that was answered by HOLD.
     * @param variant the name of the variant that it was assigned to
     * @param observation the request
     * @throws IllegalArgumentException if the experiment has no such variant
     */
    public void add(String variant, Observation observation) {
        known(variants, variant).add(observation);
        Observation.Result result = observation.result();
        if (firstPass && result != null) {
            horizon.add(observation.eventMillis(), result.closedMillis());
        }
    }

    /**
     * Adds one request that both control and a shadow were given, for their comparison
     * only. There is an outcome if both have a result: the return is of control's, and
     * each pays the fee of its own, so that {@link #add} of the same observations says
     * the same.
     * @param shadow the name of the shadow
     * @param ofControl what control answered
     * @param ofShadow what the shadow answered
     * @throws IllegalArgumentException if the experiment has no such shadow
     */
    public void addPair(String shadow, Observation ofControl, Observation ofShadow) {
        ShadowTally tally = known(shadows, shadow);
        if (firstPass) {
            tally.add(ofControl, ofShadow);
        }
    }

    /**
     * Records the number of impossible outcomes, which no row contains.
     * @param outcomes how many there are
     */
    public void leaveOut(long outcomes) {
        leftOut = outcomes;
    }

    /**
     * {@return how many impossible outcomes there are, which are counted and not used}
     */
    public long leftOut() {
        return leftOut;
    }

    /**
     * Ends a pass through all rows.
     * @return whether there were too many units to keep at a time, and all rows must be
     * added again
     */
    public boolean nextPass() {
        firstPass = false;
        shadows.values().forEach(ShadowTally::endPass);
        boolean again = false;
        for (VariantTally tally : variants.values()) {
            again |= tally.endPass();
        }
        return again;
    }

    /**
     * {@return whether a variant has enough answers to be judged, but too few outcomes}
     */
    public boolean lacksOutcomes() {
        long least = Math.max(experiment.minSamples(), LEAST_OUTCOMES);
        return variants.values().stream().anyMatch((tally) -> tally.samples() >= least && tally.outcomes() < least);
    }

    /**
     * {@return the experiment}
     */
    public Experiment experiment() {
        return experiment;
    }

    /**
     * {@return how long after a request its outcome is known, as far as is known}
     */
    public Duration horizon() {
        return horizon.value();
    }

    /**
     * {@return how long blocks of time are}
     */
    public Duration block() {
        return OutcomeHorizon.block(horizon.value());
    }

    /**
     * {@return what is known of a variant that answers requests}
     * @param variant a variant of this experiment that is not a shadow
     */
    public VariantTally tally(Variant variant) {
        return known(variants, variant.name());
    }

    /**
     * {@return what is known of a shadow}
     * @param shadow a variant of this experiment that is one
     */
    public ShadowTally shadowTally(Variant shadow) {
        return known(shadows, shadow.name());
    }

    /**
     * {@return the figures of every variant, control first, shadows too}
     */
    public List<VariantMetrics> metrics() {
        return variants.values().stream().map(VariantTally::metrics).toList();
    }

    /**
     * {@return every shadow compared with control, in their order}
     */
    public List<ShadowComparison> shadowComparisons() {
        return shadows.values().stream().map(ShadowTally::comparison).toList();
    }

    private static <T> T known(Map<String, T> tallies, String name) {
        T tally = tallies.get(name);
        if (tally == null) {
            throw new IllegalArgumentException("'%s' is not one of %s".formatted(name, tallies.keySet()));
        }
        return tally;
    }

}
