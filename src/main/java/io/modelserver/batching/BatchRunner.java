package io.modelserver.batching;

import java.util.List;

import io.modelserver.inference.InferenceException;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelOutput;

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
         * Makes a runner that is ready for traffic.
         * @return a warmed-up runner
         * @throws ModelLoadException if the model does not run
         */
        BatchRunner open() throws ModelLoadException;

    }

}
