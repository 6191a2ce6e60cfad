package io.modelserver.trading;

import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;

/** The order-book levels of a request, read only for a model that looks at them. */
@FunctionalInterface
public interface OrderBook {

    /**
     * Reads the levels.
     * @param expected the model's input for them
     * @return the numbers, all finite, and the shape in which they came
     * @throws InvalidFeaturesException if they are not a regular array of finite numbers
     */
    Tensor read(TensorSpec expected) throws InvalidFeaturesException;

}
