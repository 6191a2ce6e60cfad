package io.modelserver.registry.live;

import io.modelserver.model.ModelId;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.registry.store.NotFound;

/** Which version answers a request, or why none does. */
public sealed interface Resolution {

    /** No version can answer. */
    sealed interface Unresolved extends Resolution {

        /**
         * {@return a sentence for the caller}
         */
        default String describe() {
            return switch (this) {
                case ModelNotFound(String name) -> NotFound.model(name);
                case VersionNotFound(ModelId id) -> NotFound.version(id);
                case NoProduction(String name, String reason) -> reason;
                case Rejected(ModelId id, String reason) -> "%s was rejected: %s".formatted(id, reason);
                case StillLoading(ModelId id) -> "%s is still being loaded, try again".formatted(id);
            };
        }

    }

    /**
     * A version that can answer.
     *
     * @param lease to be closed when the answer is there
     */
    record Found(ModelLease lease) implements Resolution {
    }

    /**
     * The registry has no such model.
     *
     * @param name as asked for
     */
    record ModelNotFound(String name) implements Unresolved {
    }

    /**
     * The model has no such version.
     *
     * @param id as asked for
     */
    record VersionNotFound(ModelId id) implements Unresolved {
    }

    /**
     * The model has no version in the stage that was asked for, or it is not served.
     *
     * @param name the model
     * @param reason a sentence that says what to do about it
     */
    record NoProduction(String name, String reason) implements Unresolved {
    }

    /**
     * The version was found unfit.
     *
     * @param id the version
     * @param reason what was wrong with it
     */
    record Rejected(ModelId id, String reason) implements Unresolved {
    }

    /**
     * The version is being loaded and was not ready in time.
     *
     * @param id the version
     */
    record StillLoading(ModelId id) implements Unresolved {
    }

}
