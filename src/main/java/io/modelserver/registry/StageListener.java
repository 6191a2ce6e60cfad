package io.modelserver.registry;

/** Notified of every change of a stage once it is on disk; it must not block. */
@FunctionalInterface
public interface StageListener {

    /**
     * A version went from one stage to another, or was found in one.
     * @param model the name of the model
     * @param change what its history says
     */
    void stageChanged(String model, StageChange change);

}
