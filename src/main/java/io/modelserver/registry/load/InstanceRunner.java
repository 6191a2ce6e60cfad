package io.modelserver.registry.load;

import java.util.List;

import io.modelserver.batching.BatchRunner;
import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelOutput;

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
