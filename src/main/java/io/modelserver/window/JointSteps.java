package io.modelserver.window;

import java.util.List;

import io.modelserver.model.Tensor;
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
     * Adds them.
     * @param store the windows
     * @param now the present
     * @return both windows to predict on, or why there are none: of two that are not full
     * what the one says that lacks more steps
     */
    public WindowResult addTo(WindowStore store, Now now) {
        while (true) {
            RollingWindow window = store.open(key, now);
            if (window == null) {
                return store.full(key, now);
            }
            RollingWindow books = store.open(bookKey, now);
            if (books == null) {
                WindowResult.Full full = store.full(bookKey, now);
                removeIfEmpty(store, key, window);
                return full;
            }
            WindowResult result = addTo(store, window, books, now);
            if (result != null) {
                return result;
            }
        }
    }

    /**
     * {@return what came of it, null if one of the windows has been dropped meanwhile}
     */
    private @Nullable WindowResult addTo(WindowStore store, RollingWindow window, RollingWindow books, Now now) {
        synchronized (window) {
            synchronized (books) {
                if (window.isEvicted() || books.isEvicted()) {
                    return null;
                }
                if (window.leavesOut(step, now, store.settings())) {
                    removeIfEmpty(store, bookKey, books);
                    return store.add(key, window, step, now);
                }
                if (books.leavesOut(book, now, store.settings())) {
                    removeIfEmpty(store, key, window);
                    return store.add(bookKey, books, book, now);
                }
                return joined(store.add(key, window, step, now), store.add(bookKey, books, book, now));
            }
        }
    }

    private static void removeIfEmpty(WindowStore store, SeriesKey key, RollingWindow window) {
        if (window.have() == 0) {
            store.remove(key, window);
        }
    }

    private static WindowResult joined(WindowResult first, WindowResult second) {
        if (first instanceof WindowResult.Ready one && second instanceof WindowResult.Ready other) {
            List<Tensor> both = List.of(one.window(), other.window());
            return new WindowResult.Ready(both, one.coverage().and(other.coverage()));
        }
        return (lacks(second) > lacks(first)) ? second : first;
    }

    private static int lacks(WindowResult result) {
        return (result instanceof WindowResult.Filling(int have, int need, String restart)) ? need - have : 0;
    }

}
