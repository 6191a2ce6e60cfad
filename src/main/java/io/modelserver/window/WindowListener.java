package io.modelserver.window;

/** Hears what windows do, on the thread that brought the step. */
public interface WindowListener {

    /** A gap was too long: a window starts anew. */
    void windowReset();

    /** A step was older than the last one. */
    void staleStep();

}
