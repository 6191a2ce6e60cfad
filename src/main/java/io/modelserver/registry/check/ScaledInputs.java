package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.OutputTensor;

/**
 * An instance whose inputs are scaled as the version's metadata says. So whatever reaches
 * a model is scaled, be it a request, a golden sample or a row that was made up, and
 * everything before it, windows and other versions included, sees what callers send.
 */
final class ScaledInputs implements ModelInstance {

    private final ModelInstance instance;

    private final ModelMetadata metadata;

    private ScaledInputs(ModelInstance instance, ModelMetadata metadata) {
        this.instance = instance;
        this.metadata = metadata;
    }

    /**
     * {@return the instance, or one that scales its inputs}
     * @param instance takes inputs in the order of the metadata
     * @param metadata says how they are scaled
     */
    static ModelInstance of(ModelInstance instance, ModelMetadata metadata) {
        return metadata.preparation().scaling().isEmpty() ? instance : new ScaledInputs(instance, metadata);
    }

    @Override
    public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
        List<ModelInput> scaled = new ArrayList<>(batch.size());
        try {
            for (ModelInput sample : batch) {
                scaled.add(metadata.preparation().scaled(metadata.inputs(), sample));
            }
        }
        catch (IllegalArgumentException ex) {
            throw new InferenceException(String.valueOf(ex.getMessage()), ex);
        }
        return instance.forward(scaled);
    }

    @Override
    public void close() {
        instance.close();
    }

}
