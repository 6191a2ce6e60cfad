package io.modelserver.window;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The steps that one request brings for two windows: both take theirs in, or neither.
 * <p>
 * Both locks are held meanwhile. They are taken in one order, that of the features'
 * window before that of the order books, so that no two requests wait for each other.
 *
 * @param key of the window of features
 * @param step for it
 * @param bookKey of the window of order books
 * @param book for it
 */
public record JointSteps(SeriesKey key, Step step, SeriesKey bookKey, Step book) {

    /**
     * Adds them, but to each window once for all that look at it.
     * @param store the windows
     * @param now the present
     * @param added what became of the steps of the same request that others had added;
     * what is added now is put there
     * @return both windows to predict on, or why there are none: of two that are not full
     * what the one says that lacks more steps
     */
    public WindowResult addTo(WindowStore store, Now now, Map<SeriesKey, WindowResult> added) {
        WindowResult ofFeatures = added.get(key);
        WindowResult ofBooks = added.get(bookKey);
        if (ofFeatures == null && ofBooks == null) {
            added.putAll(addBoth(store, now));
        }
        else if (ofFeatures != null && ofBooks == null && !ofFeatures.isRefusal()) {
            added.put(bookKey, store.add(bookKey, book, now));
        }
        else if (ofBooks != null && ofFeatures == null && !ofBooks.isRefusal()) {
            added.put(key, store.add(key, step, now));
        }
        return Stream.of(key, bookKey).map(added::get).filter(Objects::nonNull).reduce(WindowResult::and).orElseThrow();
    }

    /**
     * {@return what became of both steps; where one is left out, so is the other, and
     * only of the former is anything told}
     */
    private Map<SeriesKey, WindowResult> addBoth(WindowStore store, Now now) {
        while (true) {
            RollingWindow window = store.open(key, now);
            if (window == null) {
                return Map.of(key, store.full(key, now));
            }
            RollingWindow books = store.open(bookKey, now);
            if (books == null) {
                WindowResult.Full full = store.full(bookKey, now);
                removeIfEmpty(store, key, window);
                return Map.of(bookKey, full);
            }
            Map<SeriesKey, WindowResult> result = addBoth(store, window, books, now);
            if (result != null) {
                return result;
            }
        }
    }

    /**
     * {@return what came of it, null if one of the windows has been dropped meanwhile}
     */
    private @Nullable Map<SeriesKey, WindowResult> addBoth(WindowStore store, RollingWindow window, RollingWindow books,
            Now now) {
        synchronized (window) {
            synchronized (books) {
                if (window.isEvicted() || books.isEvicted()) {
                    return null;
                }
                if (window.leavesOut(step, now, store.settings())) {
                    removeIfEmpty(store, bookKey, books);
                    return Map.of(key, store.add(key, window, step, now));
                }
                if (books.leavesOut(book, now, store.settings())) {
                    removeIfEmpty(store, key, window);
                    return Map.of(bookKey, store.add(bookKey, books, book, now));
                }
                return Map.of(key, store.add(key, window, step, now), bookKey, store.add(bookKey, books, book, now));
            }
        }
    }

    private static void removeIfEmpty(WindowStore store, SeriesKey key, RollingWindow window) {
        if (window.have() == 0) {
            store.remove(key, window);
        }
    }

}
