package io.modelserver.front.operators;

import io.modelserver.experiment.assign.Guardrails;
import org.jspecify.annotations.Nullable;

/** What a treatment may cost before it is taken out; null is no limit. */
record GuardrailsJson(@Nullable Double maxErrorRateIncrease, @Nullable Double maxErrorRateRatio,
        @Nullable Double maxP95LatencyRatio) {

    static GuardrailsJson of(Guardrails guardrails) {
        return new GuardrailsJson(guardrails.maxErrorRateIncrease(), guardrails.maxErrorRateRatio(),
                guardrails.maxP95LatencyRatio());
    }

}
