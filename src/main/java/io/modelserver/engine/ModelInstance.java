package io.modelserver.engine;

import java.util.List;

import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;

/** Runs forward passes; confined to the thread that made it. */
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
