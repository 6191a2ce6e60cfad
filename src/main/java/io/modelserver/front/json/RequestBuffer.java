package io.modelserver.front.json;

import java.util.Arrays;

/**
 * The memory that one request at a time is read into: the bytes of its body, and its
 * numbers while they are counted. Kept and used again, so that a request costs the array
 * of its features and little else.
 */
public final class RequestBuffer {

    private static final int FIRST_NUMBERS = 1024;

    private byte[] bytes;

    private float[] numbers = {};

    /**
     * Makes a buffer.
     * @param bytes the memory to begin with
     */
    public RequestBuffer(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * {@return the bytes; valid until the buffer is used for another request}
     */
    public byte[] bytes() {
        return bytes;
    }

    /**
     * Makes room, and keeps what was read so far.
     * @param length how many bytes must fit
     * @return the bytes
     */
    public byte[] grow(int length) {
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, length);
        }
        return bytes;
    }

    float[] numbers() {
        if (numbers.length == 0) {
            numbers = new float[FIRST_NUMBERS];
        }
        return numbers;
    }

    void keepNumbers(float[] grown) {
        numbers = grown;
    }

    /**
     * {@return how many bytes of memory it holds}
     */
    public long size() {
        return bytes.length + (long) Float.BYTES * numbers.length;
    }

}
