package io.modelserver.registry.load;

import java.util.Optional;

import io.modelserver.engine.Engine;
import io.modelserver.registry.store.VersionStatus.RunBy;
import org.jspecify.annotations.Nullable;

/**
 * Which engine runs a version.
 *
 * @param engine the engine, which says what the file is that it runs
 * @param release its name and version, e.g. {@code ONNX Runtime 1.29.0}
 * @param reason why it is this one, and what is special in how it runs the file, for an
 * operator
 * @param maxBatchSize the most requests that the file takes at once, null if only the
 * server's setting limits them
 */
public record EngineChoice(Engine engine, String release, String reason, @Nullable Integer maxBatchSize) {

    /**
     * Chooses an engine for a file that takes batches of any size.
     * @param engine the engine
     * @param release its name and version
     * @param reason why it is this one
     */
    public EngineChoice(Engine engine, String release, String reason) {
        this(engine, release, reason, null);
    }

    RunBy runBy() {
        return new RunBy(Optional.of(engine), release, reason, maxBatchSize);
    }

}
