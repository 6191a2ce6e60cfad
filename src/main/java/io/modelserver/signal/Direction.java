package io.modelserver.signal;

/** What a model advises, in the default order of a model's classes. */
public enum Direction {

    SELL, HOLD, BUY

}
