package io.modelserver.experiment.evidence;

import org.jspecify.annotations.Nullable;

/**
 * What is known about one variant. Every number is finite; what is undefined (no outcomes
 * yet, no variance) is null.
 *
 * @param variant its name
 * @param samples requests, failed ones too
 * @param units units that sent them
 * @param outcomes requests that did not fail and whose return is known; all that follows
 * up to {@code totalPnl} is of these
 * @param accuracy share of directions that came true: BUY if r &gt; band, SELL if r &lt;
 * −band, HOLD if |r| ≤ band
 * @param precision mean over the classes of true positives ∕ predictions. A class counts
 * if it was predicted or came true; its quotient is 0 where the denominator is 0
 * @param recall mean over the same classes of true positives ∕ occurrences
 * @param f1Score mean over the same classes of 2 TP ∕ (predictions + occurrences)
 * @param winRate share of acted signals (BUY, SELL) with a positive net return
 * @param avgReturn mean net return of a signal: BUY +r, SELL −r, less the cost and the
 * fee of an acted one; HOLD 0. HOLD counts: a model is paid for every request, so it
 * can't rise by acting on fewer
 * @param avgReturnGross the same before costs and fees
 * @param sharpeRatio mean ∕ standard deviation of the net returns of days × √
 * {@link AnalysisSettings#periodsPerYear()}, see {@link DailyReturns}
 * @param sharpePerSignal {@code avgReturn} ∕ standard deviation of the net returns of
 * signals, of no period
 * @param totalPnl sum of the net returns: a stake of 1 on every acted signal, nothing
 * reinvested
 * @param totalPnlGross the same before costs and fees
 * @param maxDrawdown how far the sum of the net returns of days ever fell from its
 * highest, at least 0
 * @param turnover acted signals per day
 * @param avgLatencyMillis mean latency of all samples
 * @param p95LatencyMillis its 95th percentile, within 0.1 % and 1 µs
 * @param errorRate failed ∕ samples
 */
public record VariantMetrics(String variant, long samples, long units, long outcomes, @Nullable Double accuracy,
        @Nullable Double precision, @Nullable Double recall, @Nullable Double f1Score, @Nullable Double winRate,
        @Nullable Double avgReturn, @Nullable Double avgReturnGross, @Nullable Double sharpeRatio,
        @Nullable Double sharpePerSignal, @Nullable Double totalPnl, @Nullable Double totalPnlGross,
        @Nullable Double maxDrawdown, @Nullable Double turnover, @Nullable Double avgLatencyMillis,
        @Nullable Double p95LatencyMillis, @Nullable Double errorRate) {
}
