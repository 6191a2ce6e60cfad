package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;
import io.modelserver.trading.InvalidFeaturesException;

/**
 * Reads numbers and truth values. Of another datatype than the model's are taken: numbers
 * for an input of floating-point numbers, which are rounded to the nearest as those of
 * JSON are; and whole numbers for one of integers, if each is in its range.
 */
final class NumberReader implements ElementReader {

    private final String name;

    private final WireType type;

    private final ByteBuffer bytes;

    NumberReader(String name, WireType type, ByteBuffer bytes) {
        this.name = name;
        this.type = type;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int size() {
        return bytes.capacity() / type.elementBytes();
    }

    @Override
    public boolean isWhole() {
        return bytes.capacity() % type.elementBytes() == 0;
    }

    @Override
    public String describe() {
        return "%d bytes, which are %d elements of %s".formatted(bytes.capacity(), size(), type);
    }

    @Override
    public Tensor read(Datatype datatype, int[] shape, int from, boolean missing) throws InvalidFeaturesException {
        int count = ElementReader.size(shape);
        boolean taken = switch (datatype) {
            case FP32, FP64, FP16 -> type.kind() == WireType.Kind.FLOATING || type.kind() == WireType.Kind.INTEGER;
            case INT64, INT32 -> type.kind() == WireType.Kind.INTEGER;
            case BOOL -> type == WireType.BOOL;
            case BYTES -> false;
        };
        if (!taken) {
            throw ElementReader.mismatch(name, type, datatype);
        }
        return switch (datatype) {
            case FP32 -> new Tensor(shape, floats(from, count, missing));
            case FP64 -> new Tensor(shape, doubles(from, count, missing));
            case FP16 -> Tensor.halves(shape, halves(from, count, missing));
            case INT64 -> new Tensor(shape, longs(from, count));
            case INT32 -> new Tensor(shape, ints(from, count));
            case BOOL -> new Tensor(shape, booleans(from, count));
            case BYTES -> throw new IllegalStateException();
        };
    }

    private ByteBuffer part(int from, int count) {
        return bytes.slice(from * type.elementBytes(), count * type.elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private float[] floats(int from, int count, boolean missing) throws InvalidFeaturesException {
        float[] floats = new float[count];
        if (type == WireType.FP32) {
            part(from, count).asFloatBuffer().get(floats);
        }
        else {
            for (int i = 0; i < count; i++) {
                floats[i] = (float) number(from + i);
            }
        }
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(floats[i])) {
                expectMissing(from + i, number(from + i), missing, Datatype.FP32);
            }
        }
        return floats;
    }

    private double[] doubles(int from, int count, boolean missing) throws InvalidFeaturesException {
        double[] doubles = new double[count];
        if (type == WireType.FP64) {
            part(from, count).asDoubleBuffer().get(doubles);
        }
        else {
            for (int i = 0; i < count; i++) {
                doubles[i] = number(from + i);
            }
        }
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(doubles[i])) {
                expectMissing(from + i, doubles[i], missing, Datatype.FP64);
            }
        }
        return doubles;
    }

    private short[] halves(int from, int count, boolean missing) throws InvalidFeaturesException {
        short[] halves = new short[count];
        if (type == WireType.FP16) {
            part(from, count).asShortBuffer().get(halves);
        }
        else {
            for (int i = 0; i < count; i++) {
                halves[i] = Float.floatToFloat16((float) number(from + i));
            }
        }
        for (int i = 0; i < count; i++) {
            if (!Float.isFinite(Float.float16ToFloat(halves[i]))) {
                expectMissing(from + i, number(from + i), missing, Datatype.FP16);
            }
        }
        return halves;
    }

    private void expectMissing(int element, double value, boolean missing, Datatype datatype)
            throws InvalidFeaturesException {
        if (!Double.isNaN(value)) {
            throw TensorRows.invalid(name,
                    "has the element %d, %s, which is not finite as %s".formatted(element, value, datatype));
        }
        if (!missing) {
            throw TensorRows.invalid(name,
                    "has the element %d, NaN, and this model takes no values that are missing".formatted(element));
        }
    }

    private long[] longs(int from, int count) throws InvalidFeaturesException {
        long[] longs = new long[count];
        if (type == WireType.INT64) {
            part(from, count).asLongBuffer().get(longs);
            return longs;
        }
        for (int i = 0; i < count; i++) {
            longs[i] = integer(from + i);
            if (type == WireType.UINT64 && longs[i] < 0) {
                throw outOfRange(from + i, Datatype.INT64);
            }
        }
        return longs;
    }

    private int[] ints(int from, int count) throws InvalidFeaturesException {
        int[] ints = new int[count];
        if (type == WireType.INT32) {
            part(from, count).asIntBuffer().get(ints);
            return ints;
        }
        for (int i = 0; i < count; i++) {
            long integer = integer(from + i);
            ints[i] = (int) integer;
            if (ints[i] != integer) {
                throw outOfRange(from + i, Datatype.INT32);
            }
        }
        return ints;
    }

    private boolean[] booleans(int from, int count) {
        boolean[] booleans = new boolean[count];
        for (int i = 0; i < count; i++) {
            booleans[i] = bytes.get(from + i) != 0;
        }
        return booleans;
    }

    private InvalidFeaturesException outOfRange(int element, Datatype datatype) {
        long integer = integer(element);
        return TensorRows.invalid(name, "has the element %d, %s, which is out of the range of %s".formatted(element,
                (type == WireType.UINT64) ? Long.toUnsignedString(integer) : Long.toString(integer), datatype));
    }

    private double number(int element) {
        return switch (type) {
            case FP32 -> bytes.getFloat(element * Float.BYTES);
            case FP64 -> bytes.getDouble(element * Double.BYTES);
            case FP16 -> Float.float16ToFloat(bytes.getShort(element * Short.BYTES));
            case BF16 -> Float.intBitsToFloat(bytes.getShort(element * Short.BYTES) << Short.SIZE);
            case UINT64 -> unsigned(integer(element));
            case UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64 -> integer(element);
            case BOOL, BYTES -> throw new IllegalStateException();
        };
    }

    /** The nearest number; the lowest bit stands for all that are shifted out. */
    private static double unsigned(long bits) {
        return (bits >= 0) ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }

    /** The bits of an unsigned one of 64. */
    private long integer(int element) {
        return switch (type) {
            case UINT8 -> Byte.toUnsignedLong(bytes.get(element));
            case INT8 -> bytes.get(element);
            case UINT16 -> Short.toUnsignedLong(bytes.getShort(element * Short.BYTES));
            case INT16 -> bytes.getShort(element * Short.BYTES);
            case UINT32 -> Integer.toUnsignedLong(bytes.getInt(element * Integer.BYTES));
            case INT32 -> bytes.getInt(element * Integer.BYTES);
            case UINT64, INT64 -> bytes.getLong(element * Long.BYTES);
            case BOOL, FP16, BF16, FP32, FP64, BYTES -> throw new IllegalStateException();
        };
    }

}
