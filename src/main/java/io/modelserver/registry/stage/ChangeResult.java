package io.modelserver.registry.stage;

import io.modelserver.model.ModelId;
import org.jspecify.annotations.Nullable;

/** How a reload, a change of stage or a rollback ended. */
public sealed interface ChangeResult {

    /**
     * It was done.
     *
     * @param id the version that was asked for
     * @param previousVersion the version that served before, or that was in STAGING where
     * that is the stage; null if there was none
     * @param loadMillis how long loading, checking and warming up took, 0 if nothing had
     * to be loaded
     * @param message a sentence for the operator
     */
    record Done(ModelId id, @Nullable String previousVersion, long loadMillis, String message) implements ChangeResult {
    }

    /**
     * The registry has no such model.
     *
     * @param name as asked for
     */
    record ModelNotFound(String name) implements ChangeResult {
    }

    /**
     * The model has no such version.
     *
     * @param id as asked for
     */
    record VersionNotFound(ModelId id) implements ChangeResult {
    }

    /**
     * The version failed its check; the previous version keeps serving.
     *
     * @param id the version
     * @param reason what was wrong with it
     */
    record Rejected(ModelId id, String reason) implements ChangeResult {
    }

    /**
     * It can't be done in the present state.
     *
     * @param reason a sentence that says why
     */
    record Conflict(String reason) implements ChangeResult {

        /**
         * Somebody took it out for good, and not by retiring what was in PRODUCTION just
         * now.
         */
        static Conflict archived(ModelId id) {
            return new Conflict(("%s was in PRODUCTION before, but is ARCHIVED: set its stage to NONE, then roll back "
                    + "again, or promote the version that shall serve")
                .formatted(id));
        }

    }

    /**
     * The stage could not be written; the old one stands.
     *
     * @param reason a sentence that says why
     */
    record NotStored(String reason) implements ChangeResult {
    }

}
