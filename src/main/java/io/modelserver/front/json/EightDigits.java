package io.modelserver.front.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Up to eight decimal digits in one long, a byte each with the first digit in the lowest,
 * which become a number at once (D. Lemire, "Number Parsing at a Gigabyte per Second",
 * 2021): a loop whose end can't be foreseen costs more than they do.
 */
final class EightDigits {

    private static final VarHandle EIGHT_BYTES = MethodHandles.byteArrayViewVarHandle(long[].class,
            ByteOrder.LITTLE_ENDIAN);

    private static final long EIGHT_ZEROS = 0x3030303030303030L;

    private static final long[] POWERS_OF_TEN = { 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000,
            100_000_000 };

    private EightDigits() {
    }

    /**
     * Reads eight bytes, of which digits become 0 to 9.
     * @param text has at least eight bytes from the index on
     * @param index of the first
     * @return the bytes
     */
    static long at(byte[] text, int index) {
        return (long) EIGHT_BYTES.get(text, index) ^ EIGHT_ZEROS;
    }

    /**
     * {@return how many of the bytes are digits before one is not, 0 to 8}
     * @param eight the bytes
     */
    static int leading(long eight) {
        // The addition reaches the highest bit of a byte from 10 on; a carry only spoils
        // what comes after such a byte.
        long others = ((eight + 0x7676767676767676L) | eight) & 0x8080808080808080L;
        return Long.numberOfTrailingZeros(others) / Byte.SIZE;
    }

    /**
     * Writes digits behind a number.
     * @param number the number
     * @param eight the bytes
     * @param count how many of them are digits, 1 to 8
     * @return the number with the digits
     */
    static long append(long number, long eight, int count) {
        return number * POWERS_OF_TEN[count] + numberOf(eight << (Long.SIZE - Byte.SIZE * count));
    }

    /** Adds neighbours up: digits to pairs, pairs to fours, fours to eight. */
    private static long numberOf(long eightDigits) {
        long pairs = (eightDigits * (1 + (10 << 8))) >>> 8;
        long fours = ((pairs & 0x00FF00FF00FF00FFL) * (1 + (100 << 16))) >>> 16;
        return ((fours & 0x0000FFFF0000FFFFL) * (1 + (10_000L << 32))) >>> 32;
    }

}
