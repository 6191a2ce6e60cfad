package io.modelserver.trading;

import java.util.List;

/**
 * Notified of every request that reached the use case, on the request's thread; it must
 * not block.
 */
@FunctionalInterface
public interface PredictionListener {

    /**
     * A request ended.
     * @param result how
     */
    void ended(PredictionResult result);

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     */
    static PredictionListener all(List<? extends PredictionListener> listeners) {
        PredictionListener[] each = listeners.toArray(PredictionListener[]::new);
        return (result) -> {
            for (PredictionListener listener : each) {
                listener.ended(result);
            }
        };
    }

}
