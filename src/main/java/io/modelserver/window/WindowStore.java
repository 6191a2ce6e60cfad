package io.modelserver.window;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The windows of all series, bounded in memory. Steps of one series are added one after
 * the other; steps of different series never wait for each other. No window makes room
 * for another: where there is none, a new series is refused, until windows have been idle
 * for long enough to be useless.
 */
public final class WindowStore {

    private static final Logger logger = LoggerFactory.getLogger(WindowStore.class);

    private static final long LOOK_FOR_ROOM_EVERY_MILLIS = 1000;

    private final WindowSettings settings;

    private final WindowListener listener;

    private final WindowLog log;

    private final Map<SeriesKey, RollingWindow> windows = new ConcurrentHashMap<>();

    private final Set<WindowSchema> schemas = ConcurrentHashMap.newKeySet();

    private final AtomicLong bytes = new AtomicLong();

    private long lookedForRoomMillis = Long.MIN_VALUE / 2;

    /**
     * Creates an empty store.
     * @param settings bounds and rules
     * @param listener notified of restarts, steps that are left out and conflicts
     */
    public WindowStore(WindowSettings settings, WindowListener listener) {
        this.settings = settings;
        this.listener = listener;
        this.log = new WindowLog(settings);
    }

    /**
     * Adds a step.
     * @param key whose it is
     * @param step as many numbers as the schema has features
     * @param now the present
     * @return the window to predict on, or why there is none
     */
    public WindowResult add(SeriesKey key, Step step, Now now) {
        while (true) {
            RollingWindow window = open(key, now);
            if (window == null) {
                return full(key, now);
            }
            synchronized (window) {
                if (!window.isEvicted()) {
                    return add(key, window, step, now);
                }
            }
        }
    }

    @Nullable RollingWindow open(SeriesKey key, Now now) {
        RollingWindow window = windows.get(key);
        return (window != null) ? window : create(key, now);
    }

    WindowResult.Full full(SeriesKey key, Now now) {
        listener.windowRefused();
        log.full(key, limit(), now);
        return new WindowResult.Full(limit());
    }

    /** Adds a step to a window that has not been dropped, its lock held. */
    WindowResult add(SeriesKey key, RollingWindow window, Step step, Now now) {
        RollingWindow.Addition addition = window.add(step, now, settings);
        WindowCoverage coverage = window.coverage();
        if (addition == RollingWindow.Addition.AHEAD) {
            if (window.have() == 0) {
                remove(key, window);
            }
            long limit = window.aheadLimitMillis(settings);
            boolean wouldRestart = step.timestampMillis().orElse(0) - now.wallMillis() <= limit;
            return new WindowResult.Ahead(wouldRestart ? limit - settings.maxAheadMillis() : limit);
        }
        if (coverage.conflict()) {
            listener.conflictingStep();
            if (window.tellsConflict()) {
                log.conflict(key, now);
            }
        }
        if (addition == RollingWindow.Addition.STALE) {
            listener.staleStep();
            long last = window.lastTimestampMillis().orElse(0);
            return new WindowResult.Stale(last, last - now.wallMillis(), coverage.conflict());
        }
        Restart restart = window.restart();
        if (addition == RollingWindow.Addition.RESET && restart != null) {
            listener.windowReset();
            log.restarted(key, restart, now);
        }
        int need = key.schema().steps();
        if (window.have() < need && settings.fill() == WindowSettings.Fill.WAIT) {
            return new WindowResult.Filling(window.have(), need, (restart != null) ? restart.describe() : null);
        }
        return new WindowResult.Ready(List.of(window.read()), coverage);
    }

    /**
     * Replaces the content of a series' window.
     * @param key whose it is
     * @param steps the history in the order of time; more than the window holds, or what
     * lies before a gap that is too long, is left out
     * @param now the present
     * @return how the window is now, or why it is as before
     */
    public HistoryFill fill(SeriesKey key, List<Step> steps, Now now) {
        FilledWindow filled = new FilledWindow(key, steps, now, settings);
        if (filled.firstAhead() >= 0) {
            return new HistoryFill.Ahead(filled.firstAhead(), filled.window().aheadLimitMillis(settings));
        }
        if (!replace(key, filled.window(), now)) {
            return new HistoryFill.Full(full(key, now).limit());
        }
        return new HistoryFill.Filled(filled.window().status(key, now), filled.dropped(), filled.reason());
    }

    /**
     * Restores a window, unless its next step would restart it anyway. One of an earlier
     * version's file does not show its period, so it must be as young as it had to be for
     * that version.
     */
    void restore(SavedWindow saved, Now now) {
        long oldest = (settings.maxGapMillis() == WindowSettings.NO_MAX_GAP) ? Spacing.TOLERANCE_MILLIS
                : settings.maxGapMillis();
        if (saved.lacksDistances() && now.wallMillis() - saved.arrivalMillis() > oldest) {
            return;
        }
        RollingWindow window = new RollingWindow(saved.key(), now);
        window.restore(saved, now);
        if (!window.isIdle(now, settings, false)) {
            replace(saved.key(), window, now);
        }
    }

    private synchronized boolean replace(SeriesKey key, RollingWindow window, Now now) {
        if (!windows.containsKey(key) && !reserve(key, now)) {
            return false;
        }
        RollingWindow old = windows.put(key, window);
        if (old != null) {
            old.evict();
        }
        return true;
    }

    /** One at a time, so that room is taken before it is used. */
    private synchronized @Nullable RollingWindow create(SeriesKey key, Now now) {
        RollingWindow existing = windows.get(key);
        if (existing != null) {
            return existing;
        }
        if (!reserve(key, now)) {
            return null;
        }
        if (schemas.add(key.schema()) && !windows.isEmpty() && !key.schema().isOfBooks()) {
            logger.info("Steps of {} features for windows of {} go to new windows: a model's input has changed",
                    key.schema().features(), key.schema().steps());
        }
        RollingWindow window = new RollingWindow(key, now);
        windows.put(key, window);
        return window;
    }

    private boolean reserve(SeriesKey key, Now now) {
        long needed = RollingWindow.bytes(key);
        if (!fits(needed) && !(lookForRoom(now) && fits(needed))) {
            return false;
        }
        bytes.addAndGet(needed);
        return true;
    }

    private boolean fits(long needed) {
        return windows.size() < settings.maxWindows() && bytes.get() + needed <= settings.maxMemory();
    }

    /**
     * Looks at every window, so not for each of many new series.
     * @return whether some were dropped
     */
    private boolean lookForRoom(Now now) {
        if (now.monotonicMillis() - lookedForRoomMillis < LOOK_FOR_ROOM_EVERY_MILLIS) {
            return false;
        }
        lookedForRoomMillis = now.monotonicMillis();
        long before = bytes.get();
        expire(now, true);
        return bytes.get() < before;
    }

    private String limit() {
        return (windows.size() >= settings.maxWindows()) ? "modelserver.window.max-windows is " + settings.maxWindows()
                : "modelserver.window.max-memory is %d MB".formatted(settings.maxMemory() >> 20);
    }

    /**
     * Drops the windows whose series have been silent for so long that they are of no
     * use.
     * @param now the present
     */
    public void expireIdle(Now now) {
        expire(now, false);
    }

    private void expire(Now now, boolean underPressure) {
        windows.forEach((key, window) -> {
            synchronized (window) {
                if (window.isIdle(now, settings, underPressure)) {
                    remove(key, window);
                }
            }
        });
    }

    /**
     * Empties the windows of a symbol.
     * @param symbol whose
     * @param timeframe of which series, null for all
     * @param windowKey of which series, null for all
     * @return whether there were any
     */
    public boolean remove(String symbol, @Nullable String timeframe, @Nullable String windowKey) {
        boolean removed = false;
        for (Map.Entry<SeriesKey, RollingWindow> entry : windows.entrySet()) {
            removed |= entry.getKey().matches(symbol, timeframe, windowKey) && remove(entry.getKey(), entry.getValue());
        }
        return removed;
    }

    boolean remove(SeriesKey key, RollingWindow window) {
        boolean removed = windows.remove(key, window);
        if (removed) {
            window.evict();
            bytes.addAndGet(-RollingWindow.bytes(key));
        }
        return removed;
    }

    /**
     * Lists the windows.
     * @param now the present
     * @return one entry per window, sorted by symbol
     */
    public List<WindowStatus> list(Now now) {
        List<WindowStatus> list = new ArrayList<>();
        windows.forEach((key, window) -> list.add(window.status(key, now)));
        list.sort(WindowStatus.BY_SERIES);
        return list;
    }

    /**
     * {@return how many windows there are}
     */
    public int size() {
        return windows.size();
    }

    /**
     * {@return how much memory they take, in bytes}
     */
    public long bytes() {
        return bytes.get();
    }

    /**
     * {@return how many of them are not full yet}
     */
    public int filling() {
        return (int) windows.values().stream().filter((window) -> !window.isFull()).count();
    }

    Map<SeriesKey, RollingWindow> windows() {
        return windows;
    }

    WindowSettings settings() {
        return settings;
    }

}
