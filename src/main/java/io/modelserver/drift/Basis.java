package io.modelserver.drift;

/** What a feature's limits are based on. */
public enum Basis {

    /** How far blocks of training, as long as the window, are from the whole of it. */
    BLOCKS,

    /**
     * Training's range alone: the feature changes too slowly for a window to be like all
     * of training.
     */
    RANGE,

    /** Limits that are the same for all: training left none. */
    FIXED

}
