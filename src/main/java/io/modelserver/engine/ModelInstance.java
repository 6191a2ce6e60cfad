package io.modelserver.engine;

import java.util.List;

import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;

/**
 * Runs forward passes. It is used by one thread at a time, which need not be the one that
 * made it: whoever hands it on makes sure that the next thread sees what the last one
 * did. So an instance may keep memory from pass to pass without a lock, but nothing that
 * belongs to a thread.
 */
public interface ModelInstance extends AutoCloseable {

    /**
     * Runs one forward pass.
     * @param batch at least one input, all of the same shapes
     * @return the model's outputs, each with the batch axis first
     * @throws InferenceException if the model fails
     */
    List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException;

    @Override
    void close();

}
