package io.modelserver.window;

/** Notified of what windows do, on the thread that brought the step. */
public interface WindowListener {

    /** A gap was too long: a window has restarted. */
    void windowReset();

    /** A step was older than the last one. */
    void staleStep();

    /** A step came to a window that two callers seem to feed. */
    default void conflictingStep() {
    }

    /** There was no room for the window of a new series. */
    default void windowRefused() {
    }

}
