package io.modelserver.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireType;

/** Builds tensors as clients send them. */
public final class WireTensors {

    private WireTensors() {
    }

    /** A tensor of {@code FP32}. */
    public static WireTensor floats(String name, long[] shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return raw(name, WireType.FP32, shape, bytes);
    }

    /** A tensor of any datatype. */
    public static WireTensor raw(String name, WireType type, long[] shape, ByteBuffer bytes) {
        return new WireTensor(name, type, LongStream.of(shape).boxed().toList(), new WireTensor.Raw(bytes));
    }

    /** The lowest byte of each integer comes first. */
    public static ByteBuffer bytes(int width, long... integers) {
        ByteBuffer bytes = ByteBuffer.allocate(width * integers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (long integer : integers) {
            for (int i = 0; i < width; i++) {
                bytes.put((byte) (integer >>> (i * Byte.SIZE)));
            }
        }
        return bytes.flip();
    }

    /** A tensor of texts. */
    public static WireTensor texts(String name, long[] shape, String... texts) {
        List<ByteBuffer> bytes = Arrays.stream(texts)
            .map((text) -> ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
            .toList();
        return new WireTensor(name, WireType.BYTES, LongStream.of(shape).boxed().toList(), new WireTensor.Texts(bytes));
    }

}
