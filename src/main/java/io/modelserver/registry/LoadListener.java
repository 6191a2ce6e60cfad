package io.modelserver.registry;

import io.modelserver.inference.ModelId;

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

}
