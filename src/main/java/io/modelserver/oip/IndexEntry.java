package io.modelserver.oip;

import io.modelserver.model.ModelId;

/**
 * A version in the index of the repository.
 *
 * @param model the version
 * @param state how far it is: {@code READY}, {@code UNAVAILABLE}, {@code LOADING} or
 * {@code UNLOADING}
 * @param reason why it is not ready; empty if nothing is known against it
 */
public record IndexEntry(ModelId model, State state, String reason) {

    /** How far a version is, by the names that Triton gives the states. */
    public enum State {

        /** It can answer. */
        READY,

        /** It is not loaded; if nothing is wrong with it, a request for it loads it. */
        UNAVAILABLE,

        /** It is being loaded. */
        LOADING,

        /** It gets no new requests. */
        UNLOADING

    }

}
