package io.modelserver.batching;

import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;

/** Runs batches on one instance of a model; used by one thread at a time. */
public final class InstanceRunner implements BatchRunner {

    private final ModelInstance instance;

    /**
     * Creates a runner, which closes the instance when it is closed.
     * @param instance ready for traffic
     */
    public InstanceRunner(ModelInstance instance) {
        this.instance = instance;
    }

    @Override
    public List<ModelOutput> run(List<ModelInput> batch) throws InferenceException {
        return ModelOutput.perSample(instance.forward(batch), batch.size());
    }

    @Override
    public void close() {
        instance.close();
    }

}
