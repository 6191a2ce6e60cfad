package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import io.modelserver.model.Tensor;

/**
 * A tensor of an answer.
 *
 * @param name of the model's output
 * @param elements in row-major order and their shape, of which the first dimension is the
 * batch; not to be changed
 */
public record AnswerTensor(String name, Tensor elements) {

    /**
     * {@return what its elements are}
     */
    public WireType type() {
        return WireType.of(elements.datatype());
    }

    /**
     * {@return how many bytes {@link #writeTo} writes}
     * @throws ArithmeticException if they are too many for a buffer
     */
    public int rawBytes() {
        return switch (elements.datatype()) {
            case FP32, FP64, FP16, INT64, INT32, BOOL ->
                Math.multiplyExact(elements.size(), elements.datatype().elementBytes());
            case BYTES -> {
                int bytes = 0;
                for (String text : elements.array(String[].class)) {
                    bytes = Math.addExact(bytes, Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length);
                }
                yield bytes;
            }
        };
    }

    /**
     * Writes the elements without a gap between them, the lowest byte of each first; each
     * text after its length, an integer of four bytes.
     * @param target has room for {@link #rawBytes}; its position moves behind them
     */
    public void writeTo(ByteBuffer target) {
        ByteBuffer raw = target.slice().order(ByteOrder.LITTLE_ENDIAN);
        switch (elements.datatype()) {
            case FP32 -> raw.asFloatBuffer().put(elements.array(float[].class));
            case FP64 -> raw.asDoubleBuffer().put(elements.array(double[].class));
            case FP16 -> raw.asShortBuffer().put(elements.array(short[].class));
            case INT64 -> raw.asLongBuffer().put(elements.array(long[].class));
            case INT32 -> raw.asIntBuffer().put(elements.array(int[].class));
            case BOOL -> {
                for (boolean value : elements.array(boolean[].class)) {
                    raw.put((byte) (value ? 1 : 0));
                }
            }
            case BYTES -> {
                for (String text : elements.array(String[].class)) {
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    raw.putInt(bytes.length).put(bytes);
                }
            }
        }
        target.position(target.position() + rawBytes());
    }

}
