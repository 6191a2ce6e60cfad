package io.modelserver.registry.load;

import java.util.List;

import io.modelserver.model.ModelId;

/** Notified of every load; must not block. */
@FunctionalInterface
public interface LoadListener {

    /**
     * A loading ended.
     * @param id the version
     * @param ready whether the version can serve; if not, it was rejected
     * @param nanos how long it took, its trial too
     */
    void loadEnded(ModelId id, boolean ready, long nanos);

    /**
     * {@return one listener that tells each of these, in their order}
     * @param listeners who is told
     */
    static LoadListener all(List<? extends LoadListener> listeners) {
        LoadListener[] each = listeners.toArray(LoadListener[]::new);
        return (id, ready, nanos) -> {
            for (LoadListener listener : each) {
                listener.loadEnded(id, ready, nanos);
            }
        };
    }

}
