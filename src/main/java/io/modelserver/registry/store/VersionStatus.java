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
 * @param maxBatchSize the most requests that its file takes at once, null if only
 * {@code modelserver.batching.max-batch-size} limits them, or it is not loaded
 * @param task what it is for; null if its metadata leaves that open and it is not loaded
 * @param outputs what of its outputs is answered, empty if it is not loaded
 * @param members what it consists of if it is an ensemble, else none
 */
public record VersionStatus(String name, String version, Stage stage, VersionState state, @Nullable String modelType,
        @Nullable String framework, Map<String, @Nullable Object> metrics, @Nullable Double sizeMb, boolean loaded,
        @Nullable String engine, List<Integer> inputShape, @Nullable String createdAt, @Nullable String sha256,
        @Nullable String engineReason, @Nullable String error, @Nullable Integer maxBatchSize, @Nullable String task,
        List<OutputStatus> outputs, List<Ensemble.Member> members) {

    /**
     * A version of whose file and answers nothing is known.
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
     * @param inputShape its features without the batch axis, -1 where any length is
     * accepted
     * @param createdAt from its metadata
     * @param sha256 checksum of its model file according to its metadata
     * @param engineReason why it is this engine, null if it is not loaded
     * @param error why it can't be served, null if nothing is known against it
     */
    public VersionStatus(String name, String version, Stage stage, VersionState state, @Nullable String modelType,
            @Nullable String framework, Map<String, @Nullable Object> metrics, @Nullable Double sizeMb, boolean loaded,
            @Nullable String engine, List<Integer> inputShape, @Nullable String createdAt, @Nullable String sha256,
            @Nullable String engineReason, @Nullable String error) {
        this(name, version, stage, state, modelType, framework, metrics, sizeMb, loaded, engine, inputShape, createdAt,
                sha256, engineReason, error, null, null, List.of(), List.of());
    }

    VersionStatus withMaxBatchSize(@Nullable Integer size) {
        return new VersionStatus(name, version, stage, state, modelType, framework, metrics, sizeMb, loaded, engine,
                inputShape, createdAt, sha256, engineReason, error, size, task, outputs, members);
    }

    /**
     * {@return the same, and what it answers}
     * @param task what it is for
     * @param outputs what of its outputs is answered
     */
    public VersionStatus answering(@Nullable String task, List<OutputStatus> outputs) {
        return new VersionStatus(name, version, stage, state, modelType, framework, metrics, sizeMb, loaded, engine,
                inputShape, createdAt, sha256, engineReason, error, maxBatchSize, task, outputs, members);
    }

    VersionStatus consistingOf(List<Ensemble.Member> members) {
        return new VersionStatus(name, version, stage, state, modelType, framework, metrics, sizeMb, loaded, engine,
                inputShape, createdAt, sha256, engineReason, error, maxBatchSize, task, outputs, members);
    }

    /**
     * An output that is answered.
     *
     * @param name what metadata and golden samples call it
     * @param kind its role, or {@code output} if it is passed on by its name
     */
    public record OutputStatus(String name, String kind) {
    }

    /**
     * What answers for a version that is loaded.
     *
     * @param engine the engine that runs its file, empty if it is an ensemble
     * @param name of the engine with its version, e.g. {@code ONNX Runtime 1.29.0}
     * @param reason why it is this one, for an operator
     * @param maxBatchSize the most requests that the file takes at once, null if only the
     * server's setting limits them
     */
    public record RunBy(Optional<Engine> engine, String name, String reason, @Nullable Integer maxBatchSize) {

        /**
         * {@return members}
         * @param reason who they are, and how they come to an answer
         */
        public static RunBy members(String reason) {
            return new RunBy(Optional.empty(), "ensemble", reason, null);
        }

    }

}
