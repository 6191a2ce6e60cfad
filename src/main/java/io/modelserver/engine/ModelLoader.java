package io.modelserver.engine;

/** Loads the model files of one engine. */
@FunctionalInterface
public interface ModelLoader {

    /**
     * Reads a model into memory.
     * @param artifact the checked bytes of the model file
     * @return the loaded weights, which the caller must close
     * @throws ModelLoadException if the engine can't read them
     */
    LoadedModel load(ModelArtifact artifact) throws ModelLoadException;

}
