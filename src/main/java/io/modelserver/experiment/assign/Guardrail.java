package io.modelserver.experiment.assign;

/** What a guardrail looks at. */
public enum Guardrail {

    /** The share of requests on which a model failed. */
    ERROR_RATE,

    /** The 95th percentile of latency. */
    P95_LATENCY

}
