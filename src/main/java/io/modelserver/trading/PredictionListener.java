package io.modelserver.trading;

/**
 * Hears of every request that reached the use case, on the request's thread; it must not
 * block.
 */
@FunctionalInterface
public interface PredictionListener {

    /**
     * A request ended.
     * @param result how
     */
    void ended(PredictionResult result);

}
