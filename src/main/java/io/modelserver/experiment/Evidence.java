package io.modelserver.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was observed in one experiment, taken in row by row, in any order, in memory that
 * does not grow with them. The analysis may be asked for at any row. Only where there are
 * very many units must the rows be gone through more than once: see {@link #nextPass()}.
 * One thread.
 */
public final class Evidence {

    private final Experiment experiment;

    private final Map<String, VariantTally> variants = new LinkedHashMap<>();

    private static final int MOST_UNITS = 100_000;

    private final Map<String, ShadowTally> shadows = new LinkedHashMap<>();

    private boolean firstPass = true;

    /**
     * Makes evidence of nothing yet.
     * @param experiment the experiment
     * @param settings how outcomes are read
     */
    public Evidence(Experiment experiment, AnalysisSettings settings) {
        this(experiment, settings, MOST_UNITS);
    }

    Evidence(Experiment experiment, AnalysisSettings settings, int mostUnits) {
        this.experiment = experiment;
        boolean unitsComeBack = experiment.assignBy() != AssignBy.REQUEST;
        int most = Math.max(1, mostUnits / experiment.variants().size());
        for (Variant variant : experiment.variants()) {
            variants.put(variant.name(),
                    new VariantTally(variant.name(), settings, new OpenUnits(unitsComeBack, most)));
            if (variant.shadow()) {
                shadows.put(variant.name(), new ShadowTally(variant.name()));
            }
        }
    }

    /**
     * Takes in one request of a variant, shadows too: their signals are scored with the
     * outcome of the request that they got a copy of.
     * @param variant the name of the variant that it was assigned to
     * @param observation the request
     * @throws IllegalArgumentException if the experiment has no such variant
     */
    public void add(String variant, Observation observation) {
        known(variants, variant).add(observation);
    }

    /**
     * Takes in one request that both control and a shadow were given, for their
     * comparison only. In any order.
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
     * Ends a pass through all rows.
     * @return whether there were too many units to keep at a time, and all rows must be
     * added again
     */
    public boolean nextPass() {
        firstPass = false;
        boolean again = false;
        for (VariantTally tally : variants.values()) {
            again |= tally.endPass();
        }
        return again;
    }

    /**
     * {@return the experiment}
     */
    public Experiment experiment() {
        return experiment;
    }

    VariantTally tally(Variant variant) {
        return known(variants, variant.name());
    }

    List<VariantMetrics> metrics() {
        return variants.values().stream().map(VariantTally::metrics).toList();
    }

    List<ShadowComparison> shadowComparisons() {
        return shadows.values().stream().map(ShadowTally::comparison).toList();
    }

    private static <T> T known(Map<String, T> tallies, String name) {
        T tally = tallies.get(name);
        if (tally == null) {
            throw new IllegalArgumentException("'%s' is none of %s".formatted(name, tallies.keySet()));
        }
        return tally;
    }

}
