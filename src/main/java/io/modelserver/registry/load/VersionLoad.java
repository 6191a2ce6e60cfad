package io.modelserver.registry.load;

import java.util.Objects;
import java.util.Optional;

import io.modelserver.model.ModelId;
import io.modelserver.registry.store.LoadedFile;
import io.modelserver.registry.store.VersionState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One loading of a version, from found to closed or rejected. */
final class VersionLoad {

    private static final Logger logger = LoggerFactory.getLogger(VersionLoad.class);

    private final ModelId id;

    private final String fingerprint;

    private volatile boolean abandoned;

    private VersionState state = VersionState.FOUND;

    private @Nullable String rejection;

    private volatile @Nullable LoadedFile file;

    /**
     * Begins a loading.
     * @param id the version
     * @param fingerprint of its files now
     */
    VersionLoad(ModelId id, String fingerprint) {
        this.id = id;
        this.fingerprint = fingerprint;
    }

    ModelId id() {
        return id;
    }

    String fingerprint() {
        return fingerprint;
    }

    /** An engine runs what was in this file. */
    void loadedFrom(LoadedFile read) {
        file = read;
    }

    /**
     * {@return the file that it was loaded from; only once it is loaded}
     */
    LoadedFile file() {
        return Objects.requireNonNull(file);
    }

    synchronized VersionState state() {
        return state;
    }

    /**
     * {@return why it was rejected, empty if it was not}
     */
    synchronized Optional<String> rejection() {
        return Optional.ofNullable(rejection);
    }

    /** How an abandoned load continues does not matter. */
    synchronized void enter(VersionState next) {
        if (state == VersionState.REJECTED) {
            return;
        }
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("%s is %s and can't become %s".formatted(id, state, next));
        }
        logger.debug("{}: {} → {}", id, state, next);
        state = next;
    }

    /** Nobody waits for it any more. */
    void abandon() {
        abandoned = true;
    }

    /**
     * To be called regularly by long operations.
     * @throws IllegalStateException if nobody waits for the result
     */
    void goOn() {
        if (abandoned) {
            throw new IllegalStateException("nobody waits for %s any more".formatted(id));
        }
    }

    synchronized void reject(String reason) {
        enter(VersionState.REJECTED);
        rejection = reason;
    }

}
