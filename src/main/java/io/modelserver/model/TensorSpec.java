package io.modelserver.model;

import java.util.List;
import java.util.Optional;

/**
 * The name, datatype and shape of one input of a model, without the batch axis.
 *
 * @param name what requests and metadata call it, e.g. {@code features}
 * @param datatype what its elements are
 * @param shape the dimensions, {@link #FREE} where any length is accepted
 * @param columns what the numbers of a level are, where the input takes order books (see
 * {@link BookLayout}) and the metadata says it; else empty
 */
public record TensorSpec(String name, Datatype datatype, List<Integer> shape, List<String> columns) {

    /** The dimension that a request may choose. */
    public static final int FREE = -1;

    /**
     * The most numbers that an input may have: far more than any model looks at; a batch
     * of them still fits an array.
     */
    public static final int MOST_ELEMENTS = 1 << 21;

    /**
     * An input of {@link Datatype#FP32}.
     * @param name what requests and metadata call it
     * @param shape the dimensions, {@link #FREE} where any length is accepted
     */
    public TensorSpec(String name, List<Integer> shape) {
        this(name, Datatype.FP32, shape);
    }

    /**
     * An input of no columns that have names.
     * @param name what requests and metadata call it, e.g. {@code features}
     * @param datatype what its elements are
     * @param shape the dimensions, {@link #FREE} where any length is accepted
     */
    public TensorSpec(String name, Datatype datatype, List<Integer> shape) {
        this(name, datatype, shape, List.of());
    }

    /**
     * Takes a copy of the shape. Rejects one that has no dimensions, one that is neither
     * positive nor {@link #FREE}, or more than {@link #MOST_ELEMENTS} numbers.
     */
    public TensorSpec {
        shape = List.copyOf(shape);
        columns = List.copyOf(columns);
        if (shape.isEmpty() || shape.stream().anyMatch((dimension) -> dimension != FREE && dimension <= 0)) {
            throw new IllegalArgumentException(
                    "the shape of input '%s' must have positive dimensions or -1, not %s".formatted(name, shape));
        }
        if (product(name, shape) > MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                    "the shape of input '%s' has more than %d numbers: %s".formatted(name, MOST_ELEMENTS, shape));
        }
    }

    /**
     * {@return whether every dimension is fixed}
     */
    public boolean isFixed() {
        return !shape.contains(FREE);
    }

    /**
     * {@return how many numbers a tensor of this shape has, free dimensions counted as 1}
     */
    public int elements() {
        return product(name, shape);
    }

    /**
     * Whether a tensor of the given shape fits.
     * @param actual dimensions without the batch axis
     * @return true if the ranks are the same and every fixed dimension is equal
     */
    public boolean accepts(int[] actual) {
        if (actual.length != shape.size()) {
            return false;
        }
        for (int axis = 0; axis < actual.length; axis++) {
            int expected = shape.get(axis);
            if (expected != FREE && expected != actual[axis]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Gives a tensor the shape of this input: it has it already, or is flat and fills it,
     * at most one dimension being free.
     * @param tensor the elements as they came
     * @return the tensor in an accepted shape, empty if it does not fit
     */
    public Optional<Tensor> fit(Tensor tensor) {
        int size = tensor.size();
        if (size == 0 || accepts(tensor.shape())) {
            return (size == 0) ? Optional.empty() : Optional.of(tensor);
        }
        long free = shape.stream().filter((dimension) -> dimension == FREE).count();
        boolean fills = (free == 0) ? size == elements() : free == 1 && size % elements() == 0;
        if (tensor.shape().length != 1 || !fills) {
            return Optional.empty();
        }
        return Optional.of(tensor.withShape(
                shape.stream().mapToInt((dimension) -> (dimension == FREE) ? size / elements() : dimension).toArray()));
    }

    private static int product(String name, List<Integer> shape) {
        try {
            return shape.stream().filter((dimension) -> dimension != FREE).reduce(1, Math::multiplyExact);
        }
        catch (ArithmeticException ex) {
            throw new IllegalArgumentException("the shape of input '%s' is too large: %s".formatted(name, shape), ex);
        }
    }

}
