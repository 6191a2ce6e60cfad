package io.modelserver.signal;

/** What a model advises, in the default order of a model's classes. */
public enum Direction {

    /** The price is expected to fall. */
    SELL,

    /** No move that is worth a trade is expected. */
    HOLD,

    /** The price is expected to rise. */
    BUY

}
