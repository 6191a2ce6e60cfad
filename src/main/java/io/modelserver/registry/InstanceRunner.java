package io.modelserver.registry;

import java.util.List;

import io.modelserver.batching.BatchRunner;
import io.modelserver.inference.InferenceException;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelInstance;
import io.modelserver.inference.ModelOutput;

/** A model instance whose passes are shared out among the samples. */
final class InstanceRunner implements BatchRunner {

    private final ModelInstance instance;

    InstanceRunner(ModelInstance instance) {
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
