package io.modelserver.window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The windows of all symbols, bounded in number and in idle time. Steps of one symbol are
 * taken in one after the other; steps of different symbols never wait for each other,
 * except where a new window must push out an old one.
 */
public final class WindowStore {

    private static final Logger logger = LoggerFactory.getLogger(WindowStore.class);

    /** Making room takes a look at every window, so it is made for this share of them. */
    private static final int EVICTED_SHARE = 64;

    private final WindowSettings settings;

    private final WindowListener listener;

    private final Map<Key, RollingWindow> windows = new ConcurrentHashMap<>();

    private final Set<WindowSchema> schemas = ConcurrentHashMap.newKeySet();

    /**
     * Makes an empty store.
     * @param settings bounds and rules
     * @param listener hears of resets and stale steps
     */
    public WindowStore(WindowSettings settings, WindowListener listener) {
        this.settings = settings;
        this.listener = listener;
    }

    /**
     * Takes in a step.
     * @param symbol whose it is
     * @param schema what the model looks at
     * @param step as many numbers as the schema has features
     * @param nowMillis the present, milliseconds since 1970
     * @return the window to predict on, or why there is none
     */
    public WindowResult add(String symbol, WindowSchema schema, Step step, long nowMillis) {
        Key key = new Key(symbol, schema);
        while (true) {
            RollingWindow window = window(key, nowMillis);
            synchronized (window) {
                RollingWindow.Addition addition = window.add(step, nowMillis, settings.maxGapMillis());
                if (addition != RollingWindow.Addition.EVICTED) {
                    return result(addition, window, schema);
                }
            }
        }
    }

    private WindowResult result(RollingWindow.Addition addition, RollingWindow window, WindowSchema schema) {
        if (addition == RollingWindow.Addition.STALE) {
            listener.staleStep();
            return new WindowResult.Stale(window.lastTimestampMillis().orElse(0));
        }
        if (addition == RollingWindow.Addition.RESET) {
            listener.windowReset();
        }
        int have = window.have();
        if (have < schema.steps() && settings.fill() == WindowSettings.Fill.WAIT) {
            return new WindowResult.Filling(have, schema.steps());
        }
        return new WindowResult.Ready(window.read(), (double) have / schema.steps());
    }

    /**
     * Fills a symbol's window at once; what was in it is gone.
     * @param symbol whose it is
     * @param schema what the model looks at
     * @param steps the history in the order of time; more than the window holds is left
     * out at its start
     * @param nowMillis the present, milliseconds since 1970
     * @return how the window is now
     */
    public WindowStatus fill(String symbol, WindowSchema schema, List<Step> steps, long nowMillis) {
        Key key = new Key(symbol, schema);
        while (true) {
            RollingWindow window = window(key, nowMillis);
            synchronized (window) {
                window.restore(new float[0], OptionalLong.empty(), nowMillis);
                steps.forEach((step) -> window.add(step, nowMillis, settings.maxGapMillis()));
                if (windows.get(key) == window) {
                    return new WindowStatus(symbol, window.have(), schema.steps(), 0, schema.features());
                }
            }
        }
    }

    void restore(String symbol, WindowSchema schema, float[] steps, OptionalLong timestampMillis, long arrivalMillis,
            long nowMillis) {
        Key key = new Key(symbol, schema);
        while (true) {
            RollingWindow window = window(key, nowMillis);
            synchronized (window) {
                window.restore(steps, timestampMillis, arrivalMillis);
                if (windows.get(key) == window) {
                    return;
                }
            }
        }
    }

    private RollingWindow window(Key key, long nowMillis) {
        RollingWindow window = windows.get(key);
        return (window != null) ? window : create(key, nowMillis);
    }

    /** One at a time, so that room is made before it is taken. */
    private synchronized RollingWindow create(Key key, long nowMillis) {
        if (schemas.add(key.schema()) && !windows.isEmpty()) {
            logger.info("steps of {} features for windows of {} begin anew: the model's input has changed",
                    key.schema().features(), key.schema().steps());
        }
        if (windows.size() >= settings.maxWindows() && !windows.containsKey(key)) {
            evictOldest();
        }
        return windows.computeIfAbsent(key, (absent) -> new RollingWindow(absent.schema(), nowMillis));
    }

    private void evictOldest() {
        int room = Math.max(1, settings.maxWindows() / EVICTED_SHARE);
        windows.entrySet()
            .stream()
            .map((entry) -> new Candidate(entry.getKey(), entry.getValue().lastArrivalMillis()))
            .sorted(Comparator.comparingLong(Candidate::lastArrivalMillis))
            .limit(room)
            .forEach((candidate) -> remove(candidate.key()));
    }

    /**
     * Drops the windows that got no step for too long.
     * @param nowMillis the present, milliseconds since 1970
     */
    public void expireIdle(long nowMillis) {
        windows.forEach((key, window) -> {
            if (nowMillis - window.lastArrivalMillis() > settings.idleMillis()) {
                remove(key);
            }
        });
    }

    /**
     * Empties the windows of a symbol.
     * @param symbol whose
     * @return whether there were any
     */
    public boolean remove(String symbol) {
        boolean removed = false;
        for (Key key : windows.keySet()) {
            removed |= key.symbol().equals(symbol) && remove(key);
        }
        return removed;
    }

    private boolean remove(Key key) {
        RollingWindow window = windows.remove(key);
        if (window != null) {
            window.evict();
        }
        return window != null;
    }

    /**
     * Lists the windows.
     * @param nowMillis the present, milliseconds since 1970
     * @return one entry a window, sorted by symbol
     */
    public List<WindowStatus> list(long nowMillis) {
        List<WindowStatus> list = new ArrayList<>();
        windows.forEach((key, window) -> list.add(new WindowStatus(key.symbol(), window.have(), key.schema().steps(),
                Math.max(0, nowMillis - window.lastArrivalMillis()) / 1e3, key.schema().features())));
        list.sort(Comparator.comparing(WindowStatus::symbol).thenComparingInt(WindowStatus::need));
        return list;
    }

    /**
     * {@return how many windows there are}
     */
    public int size() {
        return windows.size();
    }

    /**
     * {@return how many of them are not full yet}
     */
    public int filling() {
        return (int) windows.entrySet()
            .stream()
            .filter((entry) -> entry.getValue().have() < entry.getKey().schema().steps())
            .count();
    }

    WindowSettings settings() {
        return settings;
    }

    Map<Key, RollingWindow> windows() {
        return windows;
    }

    /** Whose window, and of what. */
    record Key(String symbol, WindowSchema schema) {
    }

    /**
     * When each was last used, read once, so that the order does not change while it is
     * sorted.
     */
    private record Candidate(Key key, long lastArrivalMillis) {
    }

}
