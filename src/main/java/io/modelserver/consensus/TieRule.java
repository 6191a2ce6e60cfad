package io.modelserver.consensus;

/** What {@link Strategy#MAJORITY} makes of several directions with the most votes. */
public enum TieRule {

    /** It advises to hold. */
    HOLD,

    /** It follows the most confident of the members that said one of them. */
    HIGHEST_CONFIDENCE

}
