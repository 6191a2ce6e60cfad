package io.modelserver.inference;

import java.util.Arrays;

/**
 * Numbers in row-major order and their shape. The arrays are not copied: whoever makes a
 * tensor passes them on.
 */
public final class Tensor {

    private final int[] shape;

    private final float[] values;

    /**
     * Checks that the numbers fill the shape.
     * @param shape the dimensions, none negative
     * @param values as many numbers as the product of the dimensions
     * @throws IllegalArgumentException if the two do not agree
     * @throws ArithmeticException if the product is not an int
     */
    public Tensor(int[] shape, float[] values) {
        int product = 1;
        for (int dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        if (product != values.length) {
            throw new IllegalArgumentException(
                    "%d numbers do not fill the shape %s".formatted(values.length, Arrays.toString(shape)));
        }
        this.shape = shape;
        this.values = values;
    }

    /**
     * {@return the dimensions; not to be changed}
     */
    public int[] shape() {
        return shape;
    }

    /**
     * {@return the numbers in row-major order; not to be changed}
     */
    public float[] values() {
        return values;
    }

}
