package io.modelserver.trading;

import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;

/** An array of a request, read only for a model that has an input for it. */
@FunctionalInterface
public interface InputArray {

    /**
     * Reads the array.
     * @param expected the model's input for it
     * @return the elements, all finite, in the shape in which they came; for an input of
     * order books (see {@link io.modelserver.model.BookLayout}) of the datatype
     * {@code FP64}, the sides of each book filled up with {@code [0, 0]} to as many
     * levels as the longest has
     * @throws InvalidFeaturesException if they are not a regular array of such elements
     */
    Tensor read(TensorSpec expected) throws InvalidFeaturesException;

}
