package io.modelserver.batching;

import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;

/** Computes batches; confined to the thread that opened it. */
public interface BatchRunner extends AutoCloseable {

    /**
     * Computes one batch.
     * @param batch at least one input, all of the same shapes
     * @return one output per input, in their order
     * @throws InferenceException if the batch failed as a whole
     */
    List<ModelOutput> run(List<ModelInput> batch) throws InferenceException;

    @Override
    void close();

    /** Opens a runner on the thread that will use it. */
    @FunctionalInterface
    interface Factory {

        /**
         * Creates a runner that is ready for traffic.
         * @return a warmed-up runner
         * @throws ModelLoadException if the model does not run
         */
        BatchRunner open() throws ModelLoadException;

    }

}
