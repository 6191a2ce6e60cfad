package io.modelserver.model;

import java.util.Arrays;
import java.util.List;

/**
 * What one request gives a model: a tensor for each input that the model's metadata
 * declares, in that order, without the batch axis.
 *
 * @param tensors one tensor per input
 */
public record ModelInput(List<Tensor> tensors) {

    /** Takes a copy of the list. */
    public ModelInput {
        tensors = List.copyOf(tensors);
    }

    /**
     * Whether two inputs can go through the model in one batch.
     * @param other another input of the same model
     * @return true if all shapes are equal
     */
    public boolean hasShapesOf(ModelInput other) {
        for (int i = 0; i < tensors.size(); i++) {
            if (!Arrays.equals(tensors.get(i).shape(), other.tensors.get(i).shape())) {
                return false;
            }
        }
        return true;
    }

}
