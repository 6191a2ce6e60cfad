package io.modelserver.experiment.statistics;

/** How a variant is compared to control. */
public enum Design {

    /** Each answers requests of its own. */
    SPLIT,

    /** A shadow: both answer the same requests, and the shadow's answers reach nobody. */
    PAIRED

}
