package io.modelserver.front.operators;

import java.util.List;
import java.util.Locale;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.evidence.ShadowComparison;
import io.modelserver.experiment.evidence.VariantMetrics;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Breach;
import io.modelserver.experiment.verdict.Comparison;
import io.modelserver.experiment.verdict.Recommendation;
import io.modelserver.front.json.Periods;
import io.modelserver.front.json.Timestamps;
import io.modelserver.front.operators.ComparisonJson.SignificanceJson;
import org.jspecify.annotations.Nullable;

/**
 * The analysis of an experiment. {@code control} and {@code treatment} are the first two
 * of {@code variants}; {@code improvement} and {@code statistical_significance} are of
 * the variant that the recommendation names, else of the first; {@code comparisons} has
 * them all.
 *
 * @param experimentId the experiment
 * @param status {@code running}, or how it ended
 * @param control the metrics of control
 * @param treatment the metrics of the first treatment
 * @param variants the metrics of every variant, control first, shadows too
 * @param improvement treatment less control, null without a comparison
 * @param statisticalSignificance how sure the difference of the mean net return is, null
 * without a comparison
 * @param comparisons every treatment and every shadow compared with control
 * @param coverage of how many answers of each variant the outcome is known
 * @param sampleRatio whether units came in the shares that they should
 * @param breaches guardrails that treatments are beyond
 * @param shadows every shadow compared with control, request by request
 * @param outcomeHorizon how long after a request its outcome is known, e.g. {@code 4h}
 * @param timeBlock how long the blocks of time are that variances are estimated from
 * @param finalLookAt when the experiment is judged for the last time, ISO-8601 in UTC
 * @param finalLook whether this is that look
 * @param recommendation what to do, and why
 */
public record AnalysisJson(String experimentId, String status, MetricsJson control, MetricsJson treatment,
        List<MetricsJson> variants, @Nullable ImprovementJson improvement,
        @Nullable SignificanceJson statisticalSignificance, List<ComparisonJson> comparisons,
        List<CoverageJson> coverage, SampleRatioJson sampleRatio, List<BreachJson> breaches, List<ShadowJson> shadows,
        String outcomeHorizon, String timeBlock, String finalLookAt, boolean finalLook,
        RecommendationJson recommendation) {

    static AnalysisJson of(Experiment experiment, Analysis analysis) {
        Recommendation recommendation = analysis.recommendation();
        Comparison shown = analysis.comparisons()
            .stream()
            .filter((comparison) -> recommendation.variant() == null
                    || comparison.variant().equals(recommendation.variant()))
            .findFirst()
            .orElse(null);
        List<MetricsJson> variants = analysis.metrics()
            .stream()
            .map((metrics) -> MetricsJson.of(experiment, metrics))
            .toList();
        return new AnalysisJson(experiment.id(), ExperimentJson.status(experiment), variants.get(0), variants.get(1),
                variants, (shown != null) ? ImprovementJson.of(analysis, shown.variant()) : null,
                (shown != null) ? SignificanceJson.of(analysis.method().of(shown.design()), shown.avgReturn(),
                        shown.isWithheld()) : null,
                analysis.comparisons()
                    .stream()
                    .map((comparison) -> ComparisonJson.of(analysis.method(), comparison))
                    .toList(),
                analysis.coverage().stream().map(CoverageJson::of).toList(),
                new SampleRatioJson(analysis.sampleRatio().pValue(), analysis.sampleRatio().mismatch()),
                analysis.breaches().stream().map(BreachJson::of).toList(),
                analysis.shadows().stream().map(ShadowJson::of).toList(),
                Periods.text(analysis.timing().outcomeHorizon()), Periods.text(analysis.timing().block()),
                Timestamps.text(analysis.timing().finalLookAt()), analysis.timing().finalLook(), new RecommendationJson(
                        lowerCase(recommendation.action()), recommendation.variant(), recommendation.reasons()));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
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

    /** Whether units came in the shares of the variants. */
    record SampleRatioJson(@Nullable Double pValue, boolean mismatch) {
    }

    /** A guardrail that was breached. */
    record BreachJson(String variant, String guardrail, String reason) {

        static BreachJson of(Breach breach) {
            return new BreachJson(breach.variant(), lowerCase(breach.guardrail()), breach.reason());
        }

    }

    /** A shadow compared with control. */
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
