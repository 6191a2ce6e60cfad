package io.modelserver.window;

/**
 * The bounds and rules of windows.
 *
 * @param maxWindows the most windows at a time; the one that was used longest ago makes
 * room
 * @param idleMillis a window that got no step for so long is dropped
 * @param maxGapMillis a step that comes so much later than the one before starts the
 * window anew
 * @param fill what is answered until a window is full
 */
public record WindowSettings(int maxWindows, long idleMillis, long maxGapMillis, Fill fill) {

    /** What is answered until a window is full. */
    public enum Fill {

        /**
         * Nothing: the caller is told how many steps are there and how many are needed.
         */
        WAIT,

        /** A prediction on a window whose missing past is the first step, repeated. */
        REPEAT

    }

}
