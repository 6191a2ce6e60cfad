package io.modelserver.model;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One output of a forward pass.
 *
 * @param name the key under which the model returned it, or null if it was returned by
 * position
 * @param tensor the numbers, the batch axis first; without elements if they are withheld
 * @param withheldShape the dimensions that the model returned, where they are so large
 * that the elements were left in the engine; else null
 */
public record OutputTensor(@Nullable String name, Tensor tensor, @Nullable List<Long> withheldShape) {

    /**
     * The most elements of an output that are answered for one sample: more is no answer
     * any more, but a dump.
     */
    public static final int MOST_ANSWERED = 1024;

    /** Takes a copy of the dimensions. */
    public OutputTensor {
        withheldShape = (withheldShape != null) ? List.copyOf(withheldShape) : null;
    }

    /**
     * An output that is there in full.
     * @param name the key under which the model returned it, or null
     * @param tensor the numbers, the batch axis first
     */
    public OutputTensor(@Nullable String name, Tensor tensor) {
        this(name, tensor, null);
    }

    /**
     * {@return an output whose elements are not copied, since they are too many}
     * @param name the key under which the model returned it, or null
     * @param shape the dimensions that it returned
     */
    public static OutputTensor withheld(@Nullable String name, long... shape) {
        return new OutputTensor(name, new Tensor(new int[] { 0 }, new float[0]), Arrays.stream(shape).boxed().toList());
    }

    /**
     * {@return whether the model returned more than is copied, so that the tensor is
     * empty}
     */
    public boolean isWithheld() {
        return withheldShape != null;
    }

}
