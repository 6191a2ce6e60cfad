package io.modelserver.engine;

import io.modelserver.model.ModelSignature;

/**
 * Owns the weights of one version. All instances must be closed, and their threads be out
 * of {@code forward}, before this is: native memory that is freed under a running forward
 * pass ends the process.
 */
public interface LoadedModel extends AutoCloseable {

    /**
     * {@return the engine that runs the model, e.g. {@code PyTorch 2.7.1}}
     */
    String engine();

    /**
     * {@return what the file says about its inputs and outputs}
     */
    default ModelSignature signature() {
        return ModelSignature.UNKNOWN;
    }

    /**
     * Creates an instance for the calling thread.
     * @return an instance that shares these weights
     */
    ModelInstance newInstance();

    @Override
    void close();

}
