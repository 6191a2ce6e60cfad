package io.modelserver.drift;

import java.util.List;

import io.modelserver.inference.ModelId;

/**
 * A version's live features against those of its training.
 *
 * @param version whose features these are
 * @param verdict of the version: drifted if a tenth of its features are, to be watched if
 * one is
 * @param samples in the window
 * @param features those with a baseline, the worst first; empty without samples
 * @param lack why there is no baseline, in words for people; empty if there is one
 */
public record DriftReport(ModelId version, DriftVerdict verdict, long samples, List<FeatureDrift> features,
        String lack) {

    private static final double DRIFTED_SHARE = 0.1;

    public DriftReport {
        features = List.copyOf(features);
    }

    static DriftReport withoutBaseline(ModelId version, String lack) {
        return new DriftReport(version, DriftVerdict.NO_BASELINE, 0, List.of(), lack);
    }

    static DriftReport tooFew(ModelId version, long samples) {
        return new DriftReport(version, DriftVerdict.TOO_FEW_SAMPLES, samples, List.of(), "");
    }

    static DriftReport of(ModelId version, long samples, List<FeatureDrift> worstFirst) {
        DriftReport report = new DriftReport(version, DriftVerdict.STABLE, samples, worstFirst, "");
        return new DriftReport(version, report.overall(), samples, worstFirst, "");
    }

    private DriftVerdict overall() {
        if (driftedShare() >= DRIFTED_SHARE) {
            return DriftVerdict.DRIFTED;
        }
        return features.stream().allMatch((feature) -> feature.verdict() == DriftVerdict.STABLE) ? DriftVerdict.STABLE
                : DriftVerdict.WATCH;
    }

    /**
     * {@return the share of features that have drifted, from 0 to 1}
     */
    public double driftedShare() {
        return share(features.stream().filter((feature) -> feature.verdict() == DriftVerdict.DRIFTED).count());
    }

    /**
     * {@return the share of features that never change, from 0 to 1}
     */
    public double constantShare() {
        return share(features.stream().filter(FeatureDrift::constant).count());
    }

    /**
     * {@return the share of values that callers did not have, from 0 to 1}
     */
    public double missingShare() {
        return features.stream().mapToDouble(FeatureDrift::missingShare).average().orElse(0);
    }

    /**
     * {@return the greatest index of all features, 0 without features}
     */
    public double worstPsi() {
        return features.stream().mapToDouble(FeatureDrift::psi).max().orElse(0);
    }

    private double share(long count) {
        return features.isEmpty() ? 0 : (double) count / features.size();
    }

}
