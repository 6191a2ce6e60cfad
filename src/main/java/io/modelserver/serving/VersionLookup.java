package io.modelserver.serving;

import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.live.Resolution;
import io.modelserver.registry.store.NotFound;

/** Whether there is a version that can answer. */
public sealed interface VersionLookup {

    /**
     * There is one.
     *
     * @param version what it looks at
     */
    record Found(ModelMetadata version) implements VersionLookup {
    }

    /**
     * There is none.
     *
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     */
    record Missing(Refusal reason, String detail) implements VersionLookup {

        static Missing of(Resolution.Unresolved unresolved) {
            return switch (unresolved) {
                case Resolution.ModelNotFound(String name) ->
                    new Missing(Refusal.MODEL_NOT_FOUND, NotFound.model(name));
                case Resolution.VersionNotFound(ModelId id) ->
                    new Missing(Refusal.VERSION_NOT_FOUND, NotFound.version(id));
                case Resolution.NoProduction(String name, String reason) ->
                    new Missing(Refusal.NO_PRODUCTION_MODEL, reason);
                case Resolution.Rejected(ModelId id, String reason) ->
                    new Missing(Refusal.MODEL_REJECTED, "%s was rejected: %s".formatted(id, reason));
                case Resolution.StillLoading(ModelId id) ->
                    new Missing(Refusal.MODEL_LOADING, "%s is still being loaded, try again".formatted(id));
            };
        }

    }

}
