package io.modelserver.experiment.assign;

import org.jspecify.annotations.Nullable;

/**
 * What a treatment may cost before it is taken out, whatever it earns. Each limit is
 * optional.
 *
 * @param maxErrorRateIncrease how much greater its error rate may be than that of
 * control, as a fraction of requests, e.g. 0.01
 * @param maxErrorRateRatio how many times that of control its error rate may be, at least
 * 1
 * @param maxP95LatencyRatio how many times that of control its 95th percentile of latency
 * may be, at least 1
 */
public record Guardrails(@Nullable Double maxErrorRateIncrease, @Nullable Double maxErrorRateRatio,
        @Nullable Double maxP95LatencyRatio) {

    /**
     * {@return no limits}
     */
    public static Guardrails none() {
        return new Guardrails(null, null, null);
    }

}
