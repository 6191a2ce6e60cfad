package io.modelserver.experiment.assign;

/** What is done about a recommendation to promote or to roll back. */
public enum OnVerdict {

    /** It is shown. */
    REPORT,

    /** It is carried out, and the experiment ends. */
    APPLY

}
