package io.modelserver.oip.tensor;

import java.util.Arrays;
import java.util.Optional;

import io.modelserver.model.Datatype;

/**
 * What the elements of a tensor are, by the names of the protocol. Callers may send any
 * of them; what a model takes and returns is a {@link Datatype}, of which there are
 * fewer.
 */
public enum WireType {

    /** Truth values, a byte each. */
    BOOL(1, Kind.TRUTH),

    /** Integers from 0 on, of 8 bits. */
    UINT8(1, Kind.INTEGER),

    /** Integers from 0 on, of 16 bits. */
    UINT16(2, Kind.INTEGER),

    /** Integers from 0 on, of 32 bits. */
    UINT32(4, Kind.INTEGER),

    /** Integers from 0 on, of 64 bits. */
    UINT64(8, Kind.INTEGER),

    /** Integers of 8 bits. */
    INT8(1, Kind.INTEGER),

    /** Integers of 16 bits. */
    INT16(2, Kind.INTEGER),

    /** Integers of 32 bits. */
    INT32(4, Kind.INTEGER),

    /** Integers of 64 bits. */
    INT64(8, Kind.INTEGER),

    /** Floating-point numbers of 16 bits, as IEEE 754 has them. */
    FP16(2, Kind.FLOATING),

    /** Floating-point numbers of 16 bits, the upper half of {@link #FP32}. */
    BF16(2, Kind.FLOATING),

    /** Floating-point numbers of 32 bits. */
    FP32(4, Kind.FLOATING),

    /** Floating-point numbers of 64 bits. */
    FP64(8, Kind.FLOATING),

    /** Texts, or other bytes, of any length. */
    BYTES(0, Kind.TEXT);

    private final int elementBytes;

    private final Kind kind;

    WireType(int elementBytes, Kind kind) {
        this.elementBytes = elementBytes;
        this.kind = kind;
    }

    /**
     * {@return how many bytes an element takes; 0 if that differs from one to the next}
     */
    public int elementBytes() {
        return elementBytes;
    }

    /**
     * {@return what kind of elements these are}
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Finds a type.
     * @param name exactly as the protocol spells it, e.g. {@code FP32}
     * @return the type, empty if none has that name
     */
    public static Optional<WireType> named(String name) {
        return Arrays.stream(values()).filter((type) -> type.name().equals(name)).findFirst();
    }

    /**
     * {@return the type of what a model takes or returns}
     * @param datatype of the model
     */
    public static WireType of(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> FP32;
            case FP64 -> FP64;
            case FP16 -> FP16;
            case INT64 -> INT64;
            case INT32 -> INT32;
            case BOOL -> BOOL;
            case BYTES -> BYTES;
        };
    }

    /** Kinds of elements. */
    public enum Kind {

        /** True or false. */
        TRUTH,

        /** Whole numbers. */
        INTEGER,

        /** Numbers with a point. */
        FLOATING,

        /** No numbers. */
        TEXT

    }

}
