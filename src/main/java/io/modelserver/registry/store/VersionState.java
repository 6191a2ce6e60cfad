package io.modelserver.registry.store;

/** Where one loading of a version stands. */
public enum VersionState {

    /** It is in the registry. */
    FOUND,

    /**
     * Its files are inside the registry, of an allowed size, and have the bytes that
     * their checksums say.
     */
    CHECKED,

    /** Those very bytes are in an engine. */
    LOADED,

    /** It reproduced its golden samples. */
    VERIFIED,

    /** Every instance has run at every batch size. */
    WARM,

    /** It answers requests. */
    LIVE,

    /** It gets no new requests and answers those that it has. */
    DRAINING,

    /** Its native memory is freed. */
    CLOSED,

    /** It failed on the way. */
    REJECTED;

    /**
     * {@return whether it can follow this state}
     * @param next the other state
     */
    public boolean mayBecome(VersionState next) {
        return switch (this) {
            case FOUND -> next == CHECKED || next == REJECTED;
            case CHECKED -> next == LOADED || next == REJECTED;
            case LOADED -> next == VERIFIED || next == REJECTED;
            case VERIFIED -> next == WARM || next == REJECTED;
            // One whose stage can't be written goes without having been live.
            case WARM -> next == LIVE || next == DRAINING || next == REJECTED;
            case LIVE -> next == DRAINING;
            case DRAINING -> next == CLOSED;
            case CLOSED, REJECTED -> false;
        };
    }

}
