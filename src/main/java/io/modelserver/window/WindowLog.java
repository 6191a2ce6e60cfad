package io.modelserver.window;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is logged about windows, in as many lines per minute as can be read, whatever
 * callers send.
 */
final class WindowLog {

    private static final Logger logger = LoggerFactory.getLogger(WindowLog.class);

    private static final int LINES_A_MINUTE = 20;

    private static final long MINUTE_MILLIS = 60_000;

    private final WindowSettings settings;

    private long minute = Long.MIN_VALUE;

    private int lines;

    private boolean fullTold;

    WindowLog(WindowSettings settings) {
        this.settings = settings;
    }

    void restarted(SeriesKey key, Restart restart, Now now) {
        if (mayWrite(now)) {
            logger.warn("The window of {} restarts after {} (modelserver.window.max-missing is {}, max-gap is {})",
                    key.describe(), restart.describe(),
                    (settings.maxMissing() == WindowSettings.UNLIMITED) ? "off" : settings.maxMissing(),
                    (settings.maxGapMillis() == WindowSettings.NO_MAX_GAP) ? "off" : settings.maxGapMillis() + " ms");
        }
    }

    void conflict(SeriesKey key, Now now) {
        if (mayWrite(now)) {
            logger.warn("Two callers seem to feed the window of {} with values that contradict each other; "
                    + "have each send a timeframe or window_key of its own", key.describe());
        }
    }

    /** Written once a minute: every step of every further series meets it. */
    void full(SeriesKey key, String limit, Now now) {
        if (isFirstOfMinute(now)) {
            logger.warn("There is no room for the window of {}: {}", key.describe(), limit);
        }
    }

    private synchronized boolean isFirstOfMinute(Now now) {
        startMinute(now);
        boolean first = !fullTold;
        fullTold = true;
        return first;
    }

    private synchronized boolean mayWrite(Now now) {
        startMinute(now);
        lines = Math.min(lines + 1, LINES_A_MINUTE + 2);
        if (lines == LINES_A_MINUTE + 1) {
            logger.warn("Further lines on windows are left out for a minute; the metrics count them");
        }
        return lines <= LINES_A_MINUTE;
    }

    private void startMinute(Now now) {
        long current = Math.floorDiv(now.monotonicMillis(), MINUTE_MILLIS);
        if (current != minute) {
            minute = current;
            lines = 0;
            fullTold = false;
        }
    }

}
