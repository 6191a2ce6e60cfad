package io.modelserver.model;

/** Where an output is found among what a model returns. */
public sealed interface OutputRef {

    /**
     * By position in a tuple, from 0; a single tensor is at 0.
     *
     * @param index the position
     */
    record ByPosition(int index) implements OutputRef {
    }

    /**
     * By key in a dictionary or by the name of a graph's output.
     *
     * @param name the key
     */
    record ByName(String name) implements OutputRef {
    }

}
