package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Elements of {@link WireType#BYTES}, each after its length. */
final class LengthPrefixed {

    private LengthPrefixed() {
    }

    /**
     * Finds the elements.
     * @param raw from its position to its limit; not changed
     * @param expected how many there should be; no more are looked for
     * @return the elements, which are not copied
     * @throws IllegalArgumentException if the bytes are not such elements; the message
     * says why
     */
    static List<ByteBuffer> split(ByteBuffer raw, int expected) {
        ByteBuffer rest = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> texts = new ArrayList<>(Math.min(expected, rest.remaining() / Integer.BYTES));
        while (rest.hasRemaining()) {
            if (texts.size() == expected) {
                throw new IllegalArgumentException(
                        "has %d bytes left after %d elements of BYTES, which is how many its shape has"
                            .formatted(rest.remaining(), expected));
            }
            if (rest.remaining() < Integer.BYTES) {
                throw new IllegalArgumentException(
                        "ends within the length of element %d: expected 4 bytes, the lowest first"
                            .formatted(texts.size()));
            }
            long length = Integer.toUnsignedLong(rest.getInt());
            if (length > rest.remaining()) {
                throw new IllegalArgumentException("says that element %d has %d bytes, but %d are left"
                    .formatted(texts.size(), length, rest.remaining()));
            }
            texts.add(rest.slice(rest.position(), (int) length));
            rest.position(rest.position() + (int) length);
        }
        return texts;
    }

}
