package io.modelserver.model;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Elements of one {@link Datatype} in row-major order and their shape. The arrays are not
 * copied: whoever makes a tensor gives them away. The datatype is that of the array, an
 * array of {@code short} holds the bits of {@link Datatype#FP16}.
 */
public final class Tensor {

    private final int[] shape;

    private final Object array;

    /** Made when it is first asked for, by whichever thread that is. */
    private volatile float @Nullable [] converted;

    /**
     * Checks that the numbers fill the shape.
     * @param shape the dimensions, none negative
     * @param values as many numbers as the product of the dimensions
     * @throws IllegalArgumentException if the two do not agree
     * @throws ArithmeticException if the product is not an int
     */
    public Tensor(int[] shape, float[] values) {
        this(shape, (Object) values);
    }

    /**
     * Holds {@link Datatype#FP64}; throws as the other constructor does.
     * @param shape the dimensions, none negative
     * @param values as many numbers as the product of the dimensions
     */
    public Tensor(int[] shape, double[] values) {
        this(shape, (Object) values);
    }

    /**
     * Holds {@link Datatype#INT64}; throws as the other constructor does.
     * @param shape the dimensions, none negative
     * @param values as many numbers as the product of the dimensions
     */
    public Tensor(int[] shape, long[] values) {
        this(shape, (Object) values);
    }

    /**
     * Holds {@link Datatype#INT32}; throws as the other constructor does.
     * @param shape the dimensions, none negative
     * @param values as many numbers as the product of the dimensions
     */
    public Tensor(int[] shape, int[] values) {
        this(shape, (Object) values);
    }

    /**
     * Holds {@link Datatype#BOOL}; throws as the other constructor does.
     * @param shape the dimensions, none negative
     * @param values as many as the product of the dimensions
     */
    public Tensor(int[] shape, boolean[] values) {
        this(shape, (Object) values);
    }

    /**
     * Holds {@link Datatype#BYTES}; throws as the other constructor does.
     * @param shape the dimensions, none negative
     * @param values as many as the product of the dimensions
     */
    public Tensor(int[] shape, String[] values) {
        this(shape, (Object) values);
    }

    private Tensor(int[] shape, Object array) {
        int product = 1;
        for (int dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        if (product != Array.getLength(array)) {
            throw new IllegalArgumentException(
                    "%d numbers do not fill the shape %s".formatted(Array.getLength(array), Arrays.toString(shape)));
        }
        this.shape = shape;
        this.array = array;
    }

    /**
     * Creates a tensor of {@link Datatype#FP16}; throws as the constructors do.
     * @param shape the dimensions, none negative
     * @param bits of as many numbers as the product of the dimensions
     * @return the tensor
     */
    public static Tensor halves(int[] shape, short[] bits) {
        return new Tensor(shape, (Object) bits);
    }

    /**
     * Creates a tensor of numbers that are written with a point, such as those of JSON;
     * throws as the constructors do.
     * @param datatype what they become: integers lose their fraction, truth values are
     * whatever is not 0
     * @param shape the dimensions, none negative
     * @param numbers as many as the product of the dimensions
     * @return the tensor
     * @throws IllegalArgumentException if the datatype holds no numbers
     */
    public static Tensor of(Datatype datatype, int[] shape, double[] numbers) {
        Object array = switch (datatype) {
            case FP32 -> new float[numbers.length];
            case FP64 -> new double[numbers.length];
            case FP16 -> new short[numbers.length];
            case INT64 -> new long[numbers.length];
            case INT32 -> new int[numbers.length];
            case BOOL -> new boolean[numbers.length];
            case BYTES -> throw new IllegalArgumentException("BYTES hold no numbers");
        };
        for (int i = 0; i < numbers.length; i++) {
            switch (array) {
                case float[] floats -> floats[i] = (float) numbers[i];
                case double[] doubles -> doubles[i] = numbers[i];
                case short[] bits -> bits[i] = Float.floatToFloat16((float) numbers[i]);
                case long[] longs -> longs[i] = (long) numbers[i];
                case int[] ints -> ints[i] = (int) numbers[i];
                case boolean[] booleans -> booleans[i] = numbers[i] != 0;
                default -> throw new IllegalStateException();
            }
        }
        return new Tensor(shape, array);
    }

    /**
     * Gives the same elements another shape; they are not copied.
     * @param other the dimensions, none negative
     * @return a tensor of that shape
     * @throws IllegalArgumentException if the elements do not fill it
     */
    public Tensor withShape(int... other) {
        return new Tensor(other, array);
    }

    /**
     * {@return the dimensions; not to be changed}
     */
    public int[] shape() {
        return shape;
    }

    /**
     * {@return what its elements are}
     */
    public Datatype datatype() {
        return switch (array) {
            case float[] floats -> Datatype.FP32;
            case double[] doubles -> Datatype.FP64;
            case short[] bits -> Datatype.FP16;
            case long[] longs -> Datatype.INT64;
            case int[] ints -> Datatype.INT32;
            case boolean[] booleans -> Datatype.BOOL;
            default -> Datatype.BYTES;
        };
    }

    /**
     * {@return how many elements it has}
     */
    public int size() {
        return Array.getLength(array);
    }

    /**
     * {@return the numbers of {@link Datatype#FP32} in row-major order; not to be
     * changed}
     * @throws IllegalStateException if it holds another datatype
     */
    public float[] values() {
        return array(float[].class);
    }

    /**
     * Gives the elements as they are.
     * @param <A> the type of the array
     * @param type the type of the array, e.g. {@code long[].class} for
     * {@link Datatype#INT64}
     * @return the elements in row-major order; not to be changed
     * @throws IllegalStateException if it holds another datatype
     */
    public <A> A array(Class<A> type) {
        if (!type.isInstance(array)) {
            throw new IllegalStateException("the tensor holds " + datatype());
        }
        return type.cast(array);
    }

    /**
     * Gives numbers of any datatype as {@code float}: the nearest ones, truth values as 0
     * and 1. They are converted once.
     * @return the numbers in row-major order; not to be changed
     * @throws IllegalStateException if it holds no numbers
     */
    public float[] floats() {
        if (array instanceof float[] floats) {
            return floats;
        }
        float[] floats = converted;
        if (floats == null) {
            floats = convert();
            converted = floats;
        }
        return floats;
    }

    /**
     * {@return a copy of floating-point numbers as {@code double}}
     */
    double[] doubles() {
        if (array instanceof double[] doubles) {
            return doubles.clone();
        }
        float[] floats = floats();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private float[] convert() {
        float[] floats = new float[size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = switch (array) {
                case double[] doubles -> (float) doubles[i];
                case short[] bits -> Float.float16ToFloat(bits[i]);
                case long[] longs -> longs[i];
                case int[] ints -> ints[i];
                case boolean[] booleans -> booleans[i] ? 1 : 0;
                default -> throw new IllegalStateException("the tensor holds no numbers");
            };
        }
        return floats;
    }

    /**
     * Stacks tensors along a new first axis.
     * @param parts at least one, all of the same datatype and shape
     * @return their elements one after the other; a single one's are not copied
     * @throws IllegalArgumentException if they are not alike
     */
    public static Tensor stack(List<Tensor> parts) {
        Tensor first = parts.getFirst();
        int[] shape = new int[first.shape.length + 1];
        shape[0] = parts.size();
        System.arraycopy(first.shape, 0, shape, 1, first.shape.length);
        if (parts.size() == 1) {
            return new Tensor(shape, first.array);
        }
        int size = first.size();
        Object all = Array.newInstance(first.array.getClass().getComponentType(),
                Math.multiplyExact(size, parts.size()));
        for (int i = 0; i < parts.size(); i++) {
            Tensor part = parts.get(i);
            if (part.datatype() != first.datatype() || !Arrays.equals(part.shape, first.shape)) {
                throw new IllegalArgumentException(
                        "%s of the shape %s can't be stacked on %s of the shape %s".formatted(part.datatype(),
                                Arrays.toString(part.shape), first.datatype(), Arrays.toString(first.shape)));
            }
            System.arraycopy(part.array, 0, all, i * size, size);
        }
        return new Tensor(shape, all);
    }

    /**
     * Copies one of several equal parts along the first axis.
     * @param place of the part, from 0
     * @param parts how many there are, the length of the first axis
     * @return the part, without that axis
     */
    Tensor part(int place, int parts) {
        int[] own = Arrays.copyOfRange(shape, 1, shape.length);
        if (parts == 1) {
            return new Tensor(own, array);
        }
        int from = place * (size() / parts);
        int to = from + size() / parts;
        return new Tensor(own, switch (array) {
            case float[] floats -> Arrays.copyOfRange(floats, from, to);
            case double[] doubles -> Arrays.copyOfRange(doubles, from, to);
            case short[] bits -> Arrays.copyOfRange(bits, from, to);
            case long[] longs -> Arrays.copyOfRange(longs, from, to);
            case int[] ints -> Arrays.copyOfRange(ints, from, to);
            case boolean[] booleans -> Arrays.copyOfRange(booleans, from, to);
            default -> Arrays.copyOfRange((String[]) array, from, to);
        });
    }

}
