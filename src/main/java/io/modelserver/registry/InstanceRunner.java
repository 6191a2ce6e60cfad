package io.modelserver.registry;

import java.util.List;

import io.modelserver.batching.BatchRunner;
import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.inference.InferenceResult;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.OutputDecoder;

/** A model instance whose outputs are decoded on its own thread. */
final class InstanceRunner implements BatchRunner {

    private final ModelInstance instance;

    private final OutputDecoder decoder;

    InstanceRunner(ModelInstance instance, OutputDecoder decoder) {
        this.instance = instance;
        this.decoder = decoder;
    }

    @Override
    public List<InferenceResult> run(List<ModelInput> batch) throws InferenceException {
        return decoder.decode(instance.forward(batch), batch.size());
    }

    @Override
    public void close() {
        instance.close();
    }

}
