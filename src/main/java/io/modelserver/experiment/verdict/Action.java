package io.modelserver.experiment.verdict;

/** What an analysis advises. */
public enum Action {

    /** Leave things as they are: continue, or, after the end, stay with control. */
    CONTINUE,

    /** Put the variant into production. */
    PROMOTE,

    /** Take the variant out. */
    ROLLBACK

}
