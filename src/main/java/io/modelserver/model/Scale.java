package io.modelserver.model;

import java.util.Arrays;

/**
 * One linear scale: {@code (number - offset) / divisor + shift}, feature by feature along
 * the last axis, computed in {@code double} and rounded once.
 */
public final class Scale {

    private final double[] offsets;

    private final double[] divisors;

    private final double shift;

    /** No number up to this size gets too large for a float by any feature's scale. */
    private final double harmless;

    /**
     * Takes the arrays without copying them.
     * @param offsets what is subtracted from each feature, or one for all features
     * @param divisors what the difference is divided by, greater than 0; as many as
     * offsets
     * @param shift what is added in the end, far from the largest float
     * @throws IllegalArgumentException if the numbers can't be used
     */
    public Scale(double[] offsets, double[] divisors, double shift) {
        if (offsets.length != divisors.length || offsets.length == 0) {
            throw new IllegalArgumentException(
                    "%d offsets and %d divisors: there must be as many of one as of the other, at least one"
                        .formatted(offsets.length, divisors.length));
        }
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < offsets.length; i++) {
            if (!Double.isFinite(offsets[i]) || !(divisors[i] > 0) || !Double.isFinite(divisors[i])) {
                throw new IllegalArgumentException(
                        "feature %d would be scaled by (number - %s) / %s: both must be finite, the second greater than 0"
                            .formatted(i, offsets[i], divisors[i]));
            }
            least = Math.min(least, (Float.MAX_VALUE / 2) * divisors[i] - Math.abs(offsets[i]));
        }
        if (!(Math.abs(shift) <= Float.MAX_VALUE / 2)) {
            throw new IllegalArgumentException("scaled numbers would be shifted by " + shift);
        }
        this.offsets = offsets;
        this.divisors = divisors;
        this.shift = shift;
        this.harmless = least;
    }

    /**
     * {@return how many features it has numbers for; 1 if it is the same for all}
     */
    public int features() {
        return offsets.length;
    }

    /**
     * Scales numbers.
     * @param numbers floating-point numbers, of which the last axis has as many as this
     * scale, unless that is the same for all; NaN stays NaN
     * @return scaled numbers of the same datatype; those given are not changed
     * @throws IllegalArgumentException if it is for other tensors
     */
    public Tensor apply(Tensor numbers) {
        int[] shape = numbers.shape();
        int size = numbers.size();
        if (offsets.length > 1 && (shape.length == 0 || shape[shape.length - 1] != offsets.length)) {
            throw new IllegalArgumentException(
                    "a scale of %d features is not for the shape %s".formatted(offsets.length, Arrays.toString(shape)));
        }
        if (numbers.datatype() == Datatype.FP32) {
            float[] scaled = new float[size];
            scale(numbers.values(), scaled);
            return new Tensor(shape, scaled);
        }
        double[] unscaled = (numbers.datatype() == Datatype.FP64) ? numbers.array(double[].class)
                : doubles(numbers.floats());
        double[] scaled = new double[size];
        for (int i = 0; i < size; i++) {
            scaled[i] = scaled(unscaled[i], i % offsets.length);
        }
        return Tensor.of(numbers.datatype(), shape, scaled);
    }

    private void scale(float[] numbers, float[] scaled) {
        int width = offsets.length;
        for (int from = 0; from < numbers.length; from += width) {
            for (int feature = 0; feature < width; feature++) {
                scaled[from + feature] = (float) scaled(numbers[from + feature], feature);
            }
        }
    }

    private double scaled(double number, int feature) {
        return (number - offsets[feature]) / divisors[feature] + shift;
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    /**
     * Looks for a number that is too large for a float once it is scaled.
     * @param numbers as {@link #apply} takes them, finite or NaN
     * @return its position, -1 if there is none
     */
    public int firstTooLarge(Tensor numbers) {
        float[] values = numbers.floats();
        for (int i = 0; i < values.length; i++) {
            if (Math.abs(values[i]) > harmless && Double.isInfinite((float) scaled(values[i], i % offsets.length))) {
                return i;
            }
        }
        return -1;
    }

}
