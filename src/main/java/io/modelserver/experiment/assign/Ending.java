package io.modelserver.experiment.assign;

/** How an experiment came to its end. */
public enum Ending {

    /** Its time ran out, as planned. Only then may the final tests be used. */
    FINISHED,

    /** Somebody stopped it. */
    STOPPED,

    /** Its recommendation was carried out. */
    CONCLUDED

}
