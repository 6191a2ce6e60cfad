package io.modelserver.window;

/**
 * The bounds and rules of windows.
 *
 * @param maxWindows the most windows at a time
 * @param maxMemory the most bytes that windows may take
 * @param idleMillis a window that got no step for this long, and whose next step would
 * restart it, is dropped
 * @param maxGapMillis a gap that is longer restarts a window whatever its period
 * @param maxMissing more missing periods than this in a row restart a window
 * @param maxAheadMillis how far a step may be ahead of the clock in addition to its
 * period
 * @param fill what is answered until a window is full
 */
public record WindowSettings(int maxWindows, long maxMemory, long idleMillis, long maxGapMillis, int maxMissing,
        long maxAheadMillis, Fill fill) {

    /** As many windows, or missing periods, as there may be. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Where only missing periods restart a window. */
    public static final long NO_MAX_GAP = Long.MAX_VALUE;

    /** What is answered until a window is full. */
    public enum Fill {

        /**
         * Nothing: the caller is told how many steps have arrived and how many are
         * needed.
         */
        WAIT,

        /** A prediction on a window whose missing past is the first step, repeated. */
        REPEAT

    }

}
