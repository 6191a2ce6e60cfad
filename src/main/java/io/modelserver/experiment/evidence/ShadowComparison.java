package io.modelserver.experiment.evidence;

import io.modelserver.experiment.statistics.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * What a shadow answered compared with control, on the same requests. Numbers are null
 * while there are no pairs.
 *
 * @param variant the shadow
 * @param pairs requests that both answered
 * @param agreementRate share of them on which both advised the same direction
 * @param confidenceDifference mean confidence of the shadow less that of control, of the
 * requests on which both had one
 * @param avgLatencyMillis mean latency of the shadow
 * @param controlAvgLatencyMillis mean latency of control
 * @param p95LatencyMillis 95th percentile of the shadow's latency
 * @param controlP95LatencyMillis 95th percentile of control's latency
 */
public record ShadowComparison(String variant, long pairs, @Nullable Double agreementRate,
        @Nullable Double confidenceDifference, @Nullable Double avgLatencyMillis,
        @Nullable Double controlAvgLatencyMillis, @Nullable Double p95LatencyMillis,
        @Nullable Double controlP95LatencyMillis) {
}
