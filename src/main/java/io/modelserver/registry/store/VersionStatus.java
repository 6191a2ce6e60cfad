package io.modelserver.registry.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.modelserver.engine.Engine;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.metadata.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A version as the registry shows it.
 *
 * @param name the model
 * @param version the version
 * @param stage where it stands
 * @param state how far its loading went
 * @param modelType free text from its metadata
 * @param framework free text from its metadata
 * @param metrics what its training measured; numbers that are not finite are null
 * @param sizeMb size of its model file in MB (10⁶ bytes), null if there is none
 * @param loaded whether it can answer at once
 * @param engine what runs it, null if it is not loaded
 * @param inputShape its features without the batch axis, -1 where any length is accepted
 * @param createdAt from its metadata
 * @param sha256 checksum of its model file according to its metadata
 * @param engineReason why it is this engine, null if it is not loaded
 * @param error why it can't be served, null if nothing is known against it
 * @param members what it consists of if it is an ensemble, else none
 */
public record VersionStatus(String name, String version, Stage stage, VersionState state, @Nullable String modelType,
        @Nullable String framework, Map<String, @Nullable Object> metrics, @Nullable Double sizeMb, boolean loaded,
        @Nullable String engine, List<Integer> inputShape, @Nullable String createdAt, @Nullable String sha256,
        @Nullable String engineReason, @Nullable String error, List<Ensemble.Member> members) {

    /**
     * What answers for a version that is loaded.
     *
     * @param engine the engine that runs its file, empty if it is an ensemble
     * @param name of the engine with its version, e.g. {@code ONNX Runtime 1.29.0}
     * @param reason why it is this one, for an operator
     */
    public record RunBy(Optional<Engine> engine, String name, String reason) {

        /**
         * {@return an engine}
         * @param choice which, and why
         */
        public static RunBy engine(EngineChoice choice) {
            return new RunBy(Optional.of(choice.engine()), choice.release(), choice.reason());
        }

        /**
         * {@return members}
         * @param reason who they are, and how they come to an answer
         */
        public static RunBy members(String reason) {
            return new RunBy(Optional.empty(), "ensemble", reason);
        }

    }

}
