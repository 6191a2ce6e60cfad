package io.modelserver.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was observed in one experiment, taken in row by row, in memory that does not grow
 * with them. Rows come in any order of variants, but within a variant <b>all rows of a
 * unit one after another</b> (SQL: {@code ORDER BY variant, unit}): a unit that came back
 * later would count as another, and the verdict would trust it too much. The analysis may
 * be asked for at any row. One thread.
 */
public final class Evidence {

    private final Experiment experiment;

    private final Map<String, VariantTally> variants = new LinkedHashMap<>();

    private final Map<String, ShadowTally> shadows = new LinkedHashMap<>();

    /**
     * Makes evidence of nothing yet.
     * @param experiment the experiment
     * @param settings how outcomes are read
     */
    public Evidence(Experiment experiment, AnalysisSettings settings) {
        this.experiment = experiment;
        for (Variant variant : experiment.variants()) {
            variants.put(variant.name(), new VariantTally(variant.name(), settings));
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
        known(shadows, shadow).add(ofControl, ofShadow);
    }

    Experiment experiment() {
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
