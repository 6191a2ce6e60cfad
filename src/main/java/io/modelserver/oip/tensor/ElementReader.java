package io.modelserver.oip.tensor;

import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;
import io.modelserver.trading.InvalidFeaturesException;

/** Reads elements as what a model takes. */
sealed interface ElementReader permits NumberReader, TextReader {

    /**
     * {@return how many elements there are}
     */
    int size();

    /**
     * {@return whether there is nothing left over}
     */
    default boolean isWhole() {
        return true;
    }

    /**
     * {@return how much there is, in words}
     */
    String describe();

    /**
     * Reads elements.
     * @param datatype what they become
     * @param shape of the tensor
     * @param from the first of them
     * @param missing whether NaN is taken
     * @return the tensor
     * @throws InvalidFeaturesException if an element can't be what it shall become
     */
    Tensor read(Datatype datatype, int[] shape, int from, boolean missing) throws InvalidFeaturesException;

    static int size(int[] shape) {
        int size = 1;
        for (int dimension : shape) {
            size *= dimension;
        }
        return size;
    }

    static InvalidFeaturesException mismatch(String name, WireType type, Datatype datatype) {
        return TensorRows.invalid(name,
                "has the datatype %s, but this model takes %s".formatted(type, WireType.of(datatype)));
    }

}
