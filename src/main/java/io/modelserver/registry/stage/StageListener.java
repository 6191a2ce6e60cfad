package io.modelserver.registry.stage;

import java.util.List;

import io.modelserver.registry.store.StageChange;

/** Notified of every change of a stage once it is on disk; it must not block. */
@FunctionalInterface
public interface StageListener {

    /**
     * A version went from one stage to another, or was found in one.
     * @param model the name of the model
     * @param change what its history says
     */
    void stageChanged(String model, StageChange change);

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     */
    static StageListener all(List<? extends StageListener> listeners) {
        StageListener[] each = listeners.toArray(StageListener[]::new);
        return (model, change) -> {
            for (StageListener listener : each) {
                listener.stageChanged(model, change);
            }
        };
    }

}
