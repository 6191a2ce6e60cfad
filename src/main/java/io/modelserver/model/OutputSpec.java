package io.modelserver.model;

import java.util.List;

/**
 * The name, datatype and shape of one output of a model, as it was when the model was
 * checked.
 *
 * @param name what callers who want tensors call it
 * @param datatype what its elements are
 * @param shape the dimensions of one sample, without the batch axis; none if a sample has
 * a single element
 */
public record OutputSpec(String name, Datatype datatype, List<Integer> shape) {

    /** Takes a copy of the shape. */
    public OutputSpec {
        shape = List.copyOf(shape);
    }

}
