package io.modelserver.window;

import org.jspecify.annotations.Nullable;

/** The result of filling a window with a history. */
public sealed interface HistoryFill {

    /**
     * The window holds the history.
     *
     * @param window as it is now
     * @param dropped how many steps of the history were left out
     * @param reason why, null if none were
     */
    record Filled(WindowStatus window, int dropped, @Nullable String reason) implements HistoryFill {
    }

    /**
     * A step lies too far ahead of the clock; the window is as it was.
     *
     * @param index its position in the history
     * @param limitMillis how far ahead one may lie
     */
    record Ahead(int index, long limitMillis) implements HistoryFill {
    }

    /**
     * There is no room for the window.
     *
     * @param limit the setting that says how much room there is, and its value
     */
    record Full(String limit) implements HistoryFill {
    }

}
