package io.modelserver.engine;

import java.util.List;

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
     * {@return sentences on what was changed of the model or of its inputs, so that it
     * can be run; complete once a pass has succeeded}
     */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Leaves out the names of outputs that can be told by their order as well.
     * @return the same model, whose outputs have positions only if they are the fields of
     * a tuple; to be closed in place of this one
     */
    default LoadedModel withoutFieldNames() {
        return this;
    }

    /**
     * Creates an instance for the calling thread.
     * @return an instance that shares these weights
     */
    ModelInstance newInstance();

    @Override
    void close();

}
