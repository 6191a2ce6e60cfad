package io.modelserver.engine.onnx;

import java.util.List;
import java.util.Set;

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

    private static final Set<String> FLOATS = Set.of("FLOAT", "DOUBLE", "FLOAT16", "BFLOAT16");

    OnnxValue {
        shape = List.copyOf(shape);
    }

    /**
     * {@return whether it can hold a number per class}
     */
    boolean holdsScores() {
        return kind == Kind.MAPS || (kind == Kind.TENSOR && FLOATS.contains(elementType));
    }

    /**
     * {@return whether it can hold the label of the class that was chosen}
     */
    boolean holdsLabels() {
        return kind == Kind.TENSOR && !FLOATS.contains(elementType) && !elementType.equals("BOOL");
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
