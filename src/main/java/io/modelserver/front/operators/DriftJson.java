package io.modelserver.front.operators;

import java.util.List;
import java.util.Locale;

import io.modelserver.drift.Baseline;
import io.modelserver.drift.Basis;
import io.modelserver.drift.DriftReport;
import io.modelserver.drift.FeatureDrift;
import io.modelserver.drift.Limits;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The answer of the drift call: the worst features of one version. */
record DriftJson(String modelName, String modelVersion, @Schema(allowableValues = {
        "stable", "watch", "drifted", "too_few_samples", "no_baseline" }) String verdict, String reason,
        @Schema(description = "sampled requests, within the longest window of a feature") long samples,
        @Schema(description = "how many features have a baseline and samples") int features, long driftedFeatures,
        double driftedShare, double missingShare, double constantShare,
        @Schema(description = "what the limits are based on: training's own windows, or fixed ones where it left none",
                allowableValues = { "training", "fixed", "mixed", "none" }) String thresholds,
        @Schema(description = "how many features have no baseline, though others have") int withoutBaseline,
        @Schema(description = "some of those, and why") List<Without> lacking, List<Feature> worst){

    private static final int MOST_LACKING = 20;

    static DriftJson of(DriftReport report, int limit) {
        List<Baseline.Without> without = report.baseline().without();
        return new DriftJson(report.version().name(), report.version().version(), lower(report.verdict()),
                reason(report), report.samples(), report.features().size(),
                Math.round(report.driftedShare() * report.features().size()), report.driftedShare(),
                report.missingShare(), report.constantShare(), thresholds(report), without.size(),
                without.stream().limit(MOST_LACKING).map((one) -> new Without(one.feature(), one.reason())).toList(),
                report.features().stream().limit(limit).map(Feature::of).toList());
    }

    private static String reason(DriftReport report) {
        return switch (report.verdict()) {
            case NO_BASELINE -> report.baseline().lack();
            case TOO_FEW_SAMPLES ->
                "no feature has enough samples in its window yet: see modelserver.drift.min-samples and covered";
            case STABLE -> "no feature is far from its training";
            case WATCH -> "some features are not as in training, fewer than a tenth of them far from it";
            case DRIFTED -> "at least a tenth of the features are far from their training";
        };
    }

    private static String thresholds(DriftReport report) {
        long fixed = report.count(Basis.FIXED);
        return report.features().isEmpty() ? "none"
                : (fixed == 0) ? "training" : (fixed == report.features().size()) ? "fixed" : "mixed";
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** One feature, live against training. */
    @Schema(name = "FeatureDrift")
    record Feature(String feature, @Schema(allowableValues = {
            "stable", "watch", "drifted", "too_few_samples" }) String verdict,
            @Schema(description = "population stability index") double psi,
            @Schema(description = "in standard deviations of training") double meanShift, double liveMean,
            double trainingMean,
            @Schema(description = "share of samples that are null, or 0 though training never saw a 0") double missingShare,
            boolean constant,
            @Schema(description = "blocks: limits from blocks of training; range: too slow for those, only values far "
                    + "outside training's range count; fixed: training left no limits",
                    allowableValues = { "blocks", "range", "fixed" }) String basis,
            @Schema(description = "over how much time the feature is judged") long windowSeconds,
            @Schema(description = "share of that time of which there are samples") double covered,
            @Schema(description = "beyond it the feature has drifted; null where only the range counts") @Nullable Double psiLimit,
            @Schema(description = "either way") @Nullable Double meanShiftLimit,
            @Schema(description = "share of values farther outside training's range than that is wide; "
                    + "0.5 has drifted") double outsideShare,
            @Schema(description = "the worst measure divided by its limit; more than 1 has drifted") double distance){

        static Feature of(FeatureDrift drift) {
            return new Feature(drift.feature(), lower(drift.verdict()), drift.psi(), drift.meanShift(),
                    drift.liveMean(), drift.trainingMean(), drift.missingShare(), drift.constant(),
                    lower(drift.window().basis()), drift.windowNanos() / 1_000_000_000, drift.covered(),
                    drifted(drift.window().psi()), drifted(drift.window().meanShift()), drift.outsideShare(),
                    drift.distance());
        }

        private static @Nullable Double drifted(@Nullable Limits limits) {
            return (limits != null) ? limits.drifted() : null;
        }

    }

    /** A feature that nothing can be compared with. */
    @Schema(name = "FeatureWithoutBaseline")
    record Without(String feature, String reason) {
    }

}
