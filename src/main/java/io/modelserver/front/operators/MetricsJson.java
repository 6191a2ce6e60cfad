package io.modelserver.front.operators;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.evidence.VariantMetrics;
import org.jspecify.annotations.Nullable;

/** The metrics of one variant; {@code docs/experiments.md} defines each. */
record MetricsJson(String name, String model, String modelName, String modelVersion, boolean shadow, long samples,
        long units, long outcomes, @Nullable Double accuracy, @Nullable Double precision, @Nullable Double recall,
        @Nullable Double f1Score, @Nullable Double winRate, @Nullable Double avgReturn, @Nullable Double avgReturnGross,
        @Nullable Double sharpeRatio, @Nullable Double sharpePerSignal, @Nullable Double totalPnl,
        @Nullable Double totalPnlGross, @Nullable Double maxDrawdown, @Nullable Double turnover,
        @Nullable Double avgLatencyMs, @Nullable Double p95LatencyMs, @Nullable Double errorRate) {

    static MetricsJson of(Experiment experiment, VariantMetrics metrics) {
        var variant = experiment.variant(metrics.variant()).orElseThrow();
        return new MetricsJson(metrics.variant(), variant.model().toString(), variant.model().name(),
                variant.model().version(), variant.shadow(), metrics.samples(), metrics.units(), metrics.outcomes(),
                metrics.accuracy(), metrics.precision(), metrics.recall(), metrics.f1Score(), metrics.winRate(),
                metrics.avgReturn(), metrics.avgReturnGross(), metrics.sharpeRatio(), metrics.sharpePerSignal(),
                metrics.totalPnl(), metrics.totalPnlGross(), metrics.maxDrawdown(), metrics.turnover(),
                metrics.avgLatencyMillis(), metrics.p95LatencyMillis(), metrics.errorRate());
    }

}
