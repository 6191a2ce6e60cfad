package io.modelserver.front.oip;

import io.modelserver.oip.IndexEntry;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * A version in the index of the repository.
 *
 * @param name of the model
 * @param version of the model
 * @param state {@code READY}, {@code UNAVAILABLE}, {@code LOADING} or {@code UNLOADING}
 * @param reason why it is not ready, empty if nothing is known against it
 */
@Schema(name = "InferenceIndexEntry")
record IndexJson(String name, String version, String state, String reason) {

    static IndexJson of(IndexEntry entry) {
        return new IndexJson(entry.model().name(), entry.model().version(), entry.state().name(), entry.reason());
    }

}
