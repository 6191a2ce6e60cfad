package io.modelserver.model;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What one request gives a model: a tensor for each input that the model's metadata
 * declares, in that order, without the batch axis.
 *
 * @param tensors one tensor per input
 * @param symbol the instrument whose numbers they are, null if that is not said; models
 * may scale the numbers of one symbol otherwise than those of another
 */
public record ModelInput(List<Tensor> tensors, @Nullable String symbol) {

    /**
     * An input that is of no symbol.
     * @param tensors one tensor per input
     */
    public ModelInput(List<Tensor> tensors) {
        this(tensors, null);
    }

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
