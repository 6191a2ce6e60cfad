package io.modelserver.registry.load;

import java.util.Map;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;

/** Loads a version and runs it on its golden samples before it is loaded for good. */
@FunctionalInterface
public interface VersionTrial {

    /**
     * Tries a version.
     * @param id a version in the registry
     * @return by name, the SHA-256 of each model file that was tried, in lower-case
     * hexadecimal
     * @throws ModelLoadException if it failed, with the reason
     * @throws InterruptedException if the calling thread is interrupted
     */
    Map<String, String> run(ModelId id) throws ModelLoadException, InterruptedException;

}
