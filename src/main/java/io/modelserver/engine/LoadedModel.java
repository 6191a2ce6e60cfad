package io.modelserver.engine;

import io.modelserver.inference.ModelSignature;

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
     * {@return what the file says of its inputs and outputs}
     */
    default ModelSignature signature() {
        return ModelSignature.UNKNOWN;
    }

    /**
     * Makes an instance for the calling thread.
     * @return an instance that shares these weights
     */
    ModelInstance newInstance();

    @Override
    void close();

}
