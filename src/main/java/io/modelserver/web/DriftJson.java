package io.modelserver.web;

import java.util.List;
import java.util.Locale;

import io.modelserver.drift.DriftReport;
import io.modelserver.drift.FeatureDrift;
import io.swagger.v3.oas.annotations.media.Schema;

/** The answer of the drift call: the worst features of one version. */
record DriftJson(String modelName, String modelVersion, @Schema(allowableValues = {
        "stable", "watch", "drifted", "too_few_samples", "no_baseline" }) String verdict, String reason,
        @Schema(description = "requests that were looked at, within modelserver.drift.window") long samples,
        @Schema(description = "how many features have a baseline") int features, long driftedFeatures,
        double driftedShare, double missingShare, double constantShare, List<Feature> worst){

    static DriftJson of(DriftReport report, int limit) {
        return new DriftJson(report.version().name(), report.version().version(), lower(report.verdict()),
                reason(report), report.samples(), report.features().size(),
                Math.round(report.driftedShare() * report.features().size()), report.driftedShare(),
                report.missingShare(), report.constantShare(),
                report.features().stream().limit(limit).map(Feature::of).toList());
    }

    private static String reason(DriftReport report) {
        return switch (report.verdict()) {
            case NO_BASELINE -> report.lack();
            case TOO_FEW_SAMPLES -> "bots have asked for fewer predictions than modelserver.drift.min-samples yet";
            case STABLE -> "no feature is far from its training";
            case WATCH -> "some features are not as in training, fewer than a tenth of them far from it";
            case DRIFTED -> "at least a tenth of the features are far from their training";
        };
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** One feature, live against training. */
    @Schema(name = "FeatureDrift")
    record Feature(String feature, @Schema(allowableValues = {
            "stable", "watch", "drifted" }) String verdict,
            @Schema(description = "population stability index") double psi,
            @Schema(description = "in standard deviations of training") double meanShift, double liveMean,
            double trainingMean, double missingShare, boolean constant){

        static Feature of(FeatureDrift drift) {
            return new Feature(drift.feature(), lower(drift.verdict()), drift.psi(), drift.meanShift(),
                    drift.liveMean(), drift.trainingMean(), drift.missingShare(), drift.constant());
        }

    }

}
