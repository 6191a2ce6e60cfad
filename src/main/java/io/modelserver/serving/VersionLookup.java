package io.modelserver.serving;

import java.util.List;

import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.live.Resolution;

/** Whether there is a version that can answer. */
public sealed interface VersionLookup {

    /**
     * There is one.
     *
     * @param lookers what it looks at; of an ensemble, what each of its members looks at
     * that can answer
     */
    record Found(List<ModelMetadata> lookers) implements VersionLookup {
    }

    /**
     * There is none.
     *
     * @param reason the kind of refusal
     * @param detail a sentence for the caller
     */
    record Missing(Refusal reason, String detail) implements VersionLookup {

        /**
         * {@return why there is none}
         * @param unresolved what the registry says
         */
        public static Missing of(Resolution.Unresolved unresolved) {
            Refusal reason = switch (unresolved) {
                case Resolution.ModelNotFound none -> Refusal.MODEL_NOT_FOUND;
                case Resolution.VersionNotFound none -> Refusal.VERSION_NOT_FOUND;
                case Resolution.NoProduction none -> Refusal.NO_PRODUCTION_MODEL;
                case Resolution.Rejected rejected -> Refusal.MODEL_REJECTED;
                case Resolution.StillLoading loading -> Refusal.MODEL_LOADING;
            };
            return new Missing(reason, unresolved.describe());
        }

    }

}
