package io.modelserver.batching;

import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;

/**
 * Computes batches; used by one thread at a time, each of which sees what the last one
 * did: a turn takes it, and gives it back, under the lock of the {@link InstanceThreads}.
 */
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

    /** Opens runners when more batches run at a time than there are runners. */
    @FunctionalInterface
    interface Factory {

        /**
         * Creates a runner; requests wait meanwhile.
         * @return a runner of a model that is warm
         */
        BatchRunner open();

    }

}
