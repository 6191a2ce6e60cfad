package io.modelserver.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the elements of a tensor are, by the names that the Open Inference Protocol gives
 * them.
 */
public enum Datatype {

    /** Floating-point numbers of 32 bits, what requests are read as. */
    FP32(Float.BYTES),

    /** Floating-point numbers of 64 bits. */
    FP64(Double.BYTES),

    /** Floating-point numbers of 16 bits. */
    FP16(Short.BYTES),

    /** Integers of 64 bits. */
    INT64(Long.BYTES),

    /** Integers of 32 bits. */
    INT32(Integer.BYTES),

    /** Truth values, a byte each. */
    BOOL(Byte.BYTES),

    /** Texts of any length, such as the labels of classes. */
    BYTES(0);

    private final int elementBytes;

    Datatype(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /**
     * {@return how many bytes an element takes in the memory of an engine; 0 if that
     * differs from one to the next}
     */
    public int elementBytes() {
        return elementBytes;
    }

    /**
     * {@return whether its elements are floating-point numbers, of which NaN is one}
     */
    public boolean isFloating() {
        return this == FP32 || this == FP64 || this == FP16;
    }

    /**
     * Finds a datatype.
     * @param name in any letter case, e.g. {@code FP32}
     * @return the datatype, empty if none has that name
     */
    public static Optional<Datatype> of(String name) {
        String upperCase = name.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter((datatype) -> datatype.name().equals(upperCase)).findFirst();
    }

}
