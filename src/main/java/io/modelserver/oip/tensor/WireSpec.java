package io.modelserver.oip.tensor;

import java.util.List;

/**
 * What a model takes or returns under one name.
 *
 * @param name of the tensor
 * @param type of its elements
 * @param shape its dimensions, of which the first is the batch; -1 where any length is
 * accepted or possible
 */
public record WireSpec(String name, WireType type, List<Integer> shape) {

    /** Takes a copy of the shape. */
    public WireSpec {
        shape = List.copyOf(shape);
    }

}
