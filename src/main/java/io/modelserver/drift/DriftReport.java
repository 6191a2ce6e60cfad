package io.modelserver.drift;

import java.util.List;
import java.util.function.Predicate;

import io.modelserver.model.ModelId;

/**
 * A version's live features against those of its training. A version has drifted only if
 * a tenth of its features have: with a hundred features, one or another is sometimes
 * outside its limits by chance.
 *
 * @param version whose features these are
 * @param verdict of the version: drifted if a tenth of its features are; on watch if one
 * is, or if a tenth are on watch
 * @param samples in the longest window of its features
 * @param features those with a baseline, the worst first; empty without samples
 * @param baseline what the version saw in training
 */
public record DriftReport(ModelId version, DriftVerdict verdict, long samples, List<FeatureDrift> features,
        Baseline baseline) {

    private static final double DRIFTED_SHARE = 0.1;

    /** Takes a copy of the features. */
    public DriftReport {
        features = List.copyOf(features);
    }

    static DriftReport withoutBaseline(ModelId version, Baseline baseline) {
        return new DriftReport(version, DriftVerdict.NO_BASELINE, 0, List.of(), baseline);
    }

    static DriftReport of(ModelId version, long samples, List<FeatureDrift> worstFirst, Baseline baseline) {
        DriftReport report = new DriftReport(version, DriftVerdict.TOO_FEW_SAMPLES, samples, worstFirst, baseline);
        return new DriftReport(version, report.overall(), samples, worstFirst, baseline);
    }

    private DriftVerdict overall() {
        if (features.stream().noneMatch(FeatureDrift::judged)) {
            return DriftVerdict.TOO_FEW_SAMPLES;
        }
        double drifted = driftedShare();
        if (drifted >= DRIFTED_SHARE) {
            return DriftVerdict.DRIFTED;
        }
        double watched = share((feature) -> feature.verdict().compareTo(DriftVerdict.WATCH) >= 0);
        return (drifted > 0 || watched >= DRIFTED_SHARE) ? DriftVerdict.WATCH : DriftVerdict.STABLE;
    }

    /**
     * {@return the share of features that have drifted, from 0 to 1}
     */
    public double driftedShare() {
        return share((feature) -> feature.verdict() == DriftVerdict.DRIFTED);
    }

    /**
     * {@return the share of features that never change, from 0 to 1}
     */
    public double constantShare() {
        return share(FeatureDrift::constant);
    }

    /**
     * {@return the share of values that callers did not have, from 0 to 1}
     */
    public double missingShare() {
        return features.stream().mapToDouble(FeatureDrift::missingShare).average().orElse(0);
    }

    /**
     * {@return the greatest index of the features that are judged by theirs, 0 without}
     */
    public double worstPsi() {
        return features.stream()
            .filter((feature) -> feature.judged() && feature.window().psi() != null)
            .mapToDouble(FeatureDrift::psi)
            .max()
            .orElse(0);
    }

    /**
     * {@return the greatest distance from training of the features that are judged: more
     * than 1 has drifted}
     */
    public double worstDistance() {
        return features.stream().filter(FeatureDrift::judged).mapToDouble(FeatureDrift::distance).max().orElse(0);
    }

    /**
     * Counts features by what their limits are based on.
     * @param basis one of them
     * @return how many
     */
    public long count(Basis basis) {
        return features.stream().filter((feature) -> feature.window().basis() == basis).count();
    }

    private double share(Predicate<FeatureDrift> condition) {
        return features.isEmpty() ? 0 : (double) features.stream().filter(condition).count() / features.size();
    }

}
