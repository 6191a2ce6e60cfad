package io.modelserver.web;

import java.util.List;
import java.util.Locale;

import io.modelserver.experiment.Analysis;
import io.modelserver.experiment.Breach;
import io.modelserver.experiment.Comparison;
import io.modelserver.experiment.Difference;
import io.modelserver.experiment.Experiment;
import io.modelserver.experiment.Finding;
import io.modelserver.experiment.Method;
import io.modelserver.experiment.Recommendation;
import io.modelserver.experiment.ShadowComparison;
import io.modelserver.experiment.VariantMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment says. {@code improvement} and {@code statistical_significance} are
 * of the treatment that the recommendation names, else of the first; {@code comparisons}
 * has them all.
 */
record AnalysisJson(String experimentId, String status, List<MetricsJson> variants,
        @Nullable ImprovementJson improvement, @Nullable SignificanceJson statisticalSignificance,
        List<ComparisonJson> comparisons, SampleRatioJson sampleRatio, List<BreachJson> breaches,
        List<ShadowJson> shadows, RecommendationJson recommendation) {

    static AnalysisJson of(Experiment experiment, Analysis analysis) {
        Recommendation recommendation = analysis.recommendation();
        Comparison shown = analysis.comparisons()
            .stream()
            .filter((comparison) -> recommendation.variant() == null
                    || comparison.variant().equals(recommendation.variant()))
            .findFirst()
            .orElse(null);
        return new AnalysisJson(experiment.id(), ExperimentJson.status(experiment),
                analysis.metrics().stream().map((metrics) -> MetricsJson.of(experiment, metrics)).toList(),
                (shown != null) ? ImprovementJson.of(analysis, shown.variant()) : null,
                (shown != null) ? SignificanceJson.of(analysis.method(), shown.avgReturn()) : null,
                analysis.comparisons()
                    .stream()
                    .map((comparison) -> ComparisonJson.of(analysis.method(), comparison))
                    .toList(),
                new SampleRatioJson(analysis.sampleRatio().pValue(), analysis.sampleRatio().mismatch()),
                analysis.breaches().stream().map(BreachJson::of).toList(),
                analysis.shadows().stream().map(ShadowJson::of).toList(), new RecommendationJson(
                        lowerCase(recommendation.action()), recommendation.variant(), recommendation.reasons()));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The metrics of one variant; {@code docs/experiments.md} defines each. */
    record MetricsJson(String name, String modelName, String modelVersion, boolean shadow, long samples, long units,
            long outcomes, @Nullable Double accuracy, @Nullable Double precision, @Nullable Double recall,
            @Nullable Double f1Score, @Nullable Double winRate, @Nullable Double avgReturn,
            @Nullable Double sharpeRatio, @Nullable Double totalPnl, @Nullable Double avgLatencyMs,
            @Nullable Double p95LatencyMs, @Nullable Double errorRate) {

        static MetricsJson of(Experiment experiment, VariantMetrics metrics) {
            var variant = experiment.variant(metrics.variant()).orElseThrow();
            return new MetricsJson(metrics.variant(), variant.model().name(), variant.model().version(),
                    variant.shadow(), metrics.samples(), metrics.units(), metrics.outcomes(), metrics.accuracy(),
                    metrics.precision(), metrics.recall(), metrics.f1Score(), metrics.winRate(), metrics.avgReturn(),
                    metrics.sharpeRatio(), metrics.totalPnl(), metrics.avgLatencyMillis(), metrics.p95LatencyMillis(),
                    metrics.errorRate());
        }

    }

    /** Treatment less control; null where either is. */
    record ImprovementJson(String variant, @Nullable Double accuracy, @Nullable Double f1Score,
            @Nullable Double winRate, @Nullable Double avgReturn, @Nullable Double sharpeRatio,
            @Nullable Double totalPnl, @Nullable Double avgLatencyMs, @Nullable Double errorRate) {

        static ImprovementJson of(Analysis analysis, String treatment) {
            VariantMetrics control = analysis.metrics().getFirst();
            VariantMetrics other = analysis.metrics()
                .stream()
                .filter((metrics) -> metrics.variant().equals(treatment))
                .findFirst()
                .orElseThrow();
            return new ImprovementJson(treatment, less(other.accuracy(), control.accuracy()),
                    less(other.f1Score(), control.f1Score()), less(other.winRate(), control.winRate()),
                    less(other.avgReturn(), control.avgReturn()), less(other.sharpeRatio(), control.sharpeRatio()),
                    less(other.totalPnl(), control.totalPnl()),
                    less(other.avgLatencyMillis(), control.avgLatencyMillis()),
                    less(other.errorRate(), control.errorRate()));
        }

        private static @Nullable Double less(@Nullable Double treatment, @Nullable Double control) {
            return (treatment != null && control != null) ? Double.valueOf(treatment - control) : null;
        }

    }

    /** How sure a difference is. */
    record SignificanceJson(boolean significant, @Nullable Double pValue, double alpha, @Nullable Double lower,
            @Nullable Double upper, @Nullable Double confidence, String method) {

        static SignificanceJson of(Method method, @Nullable Difference difference) {
            return (difference == null)
                    ? new SignificanceJson(false, null, method.alpha(), null, null, null, method.title())
                    : new SignificanceJson(difference.isSignificant(), difference.adjustedPValue(), method.alpha(),
                            difference.lower(), difference.upper(), difference.confidence(), method.title());
        }

    }

    /** One treatment beside control. */
    record ComparisonJson(String variant, String finding, @Nullable String withheld, @Nullable DifferenceJson avgReturn,
            @Nullable DifferenceJson accuracy) {

        static ComparisonJson of(Method method, Comparison comparison) {
            String finding = switch (comparison.finding()) {
                case Finding.Better() -> "better";
                case Finding.Worse() -> "worse";
                case Finding.Unclear() -> "unclear";
                case Finding.Withheld(String reason) -> "withheld";
            };
            return new ComparisonJson(comparison.variant(), finding,
                    (comparison.finding() instanceof Finding.Withheld(String reason)) ? reason : null,
                    DifferenceJson.of(method, comparison.avgReturn()),
                    DifferenceJson.of(method, comparison.accuracy()));
        }

    }

    /** A difference to control. */
    record DifferenceJson(double control, double treatment, double difference, @Nullable Double relative,
            SignificanceJson significance) {

        static @Nullable DifferenceJson of(Method method, @Nullable Difference difference) {
            return (difference == null) ? null : new DifferenceJson(difference.control(), difference.treatment(),
                    difference.difference(), difference.relative(), SignificanceJson.of(method, difference));
        }

    }

    /** Whether units came in the shares of the variants. */
    record SampleRatioJson(@Nullable Double pValue, boolean mismatch) {
    }

    /** A guardrail that was breached. */
    record BreachJson(String variant, String guardrail, String reason) {

        static BreachJson of(Breach breach) {
            return new BreachJson(breach.variant(), lowerCase(breach.guardrail()), breach.reason());
        }

    }

    /** A shadow beside control. */
    record ShadowJson(String variant, long pairs, @Nullable Double agreementRate, @Nullable Double confidenceDifference,
            @Nullable Double avgLatencyMs, @Nullable Double controlAvgLatencyMs, @Nullable Double p95LatencyMs,
            @Nullable Double controlP95LatencyMs) {

        static ShadowJson of(ShadowComparison shadow) {
            return new ShadowJson(shadow.variant(), shadow.pairs(), shadow.agreementRate(),
                    shadow.confidenceDifference(), shadow.avgLatencyMillis(), shadow.controlAvgLatencyMillis(),
                    shadow.p95LatencyMillis(), shadow.controlP95LatencyMillis());
        }

    }

    /** What to do, and why. */
    record RecommendationJson(String action, @Nullable String variant, List<String> reasons) {
    }

}
