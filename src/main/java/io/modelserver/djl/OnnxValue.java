package io.modelserver.djl;

import java.util.List;

/**
 * An input or output that an ONNX graph declares.
 *
 * @param name how the graph calls it
 * @param kind what it holds
 * @param elementType the type of its numbers as ONNX spells it, e.g. {@code FLOAT},
 * {@code INT64} or {@code STRING}; of maps, the type of their keys
 * @param shape the dimensions with the batch axis, {@link #FREE} where a dimension is
 * named or left open; empty if the graph does not say
 */
record OnnxValue(String name, Kind kind, String elementType, List<Long> shape) {

    /** The dimension that the graph leaves open. */
    static final long FREE = -1;

    OnnxValue {
        shape = List.copyOf(shape);
    }

    /** What a value holds. */
    enum Kind {

        /** An array of numbers or texts. */
        TENSOR,

        /**
         * One map per row, from class labels to numbers, as {@code ZipMap} makes them.
         */
        MAPS,

        /** Anything else: sparse tensors, optional values, other sequences. */
        OTHER

    }

}
