package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A tensor as a caller sent it. Nothing about it has been checked: whether its elements
 * fill its shape is found out when it is read for a model.
 *
 * @param name of the model's input
 * @param type of its elements
 * @param shape its dimensions, of which the first is the batch
 * @param elements in row-major order
 */
public record WireTensor(String name, WireType type, List<Long> shape, Elements elements) {

    /** Takes a copy of the shape. */
    public WireTensor {
        shape = List.copyOf(shape);
    }

    /** The elements of a tensor, which are not copied. */
    public sealed interface Elements {

    }

    /**
     * Elements without a gap between them, the lowest byte of each first. Each of
     * {@link WireType#BYTES} is preceded by its length as an integer of four bytes.
     *
     * @param bytes from its position to its limit, whatever its byte order; not to be
     * changed until there is an answer
     */
    public record Raw(ByteBuffer bytes) implements Elements {
    }

    /**
     * Elements of {@link WireType#BYTES} one by one.
     *
     * @param texts each from its position to its limit; not to be changed until there is
     * an answer
     */
    public record Texts(List<ByteBuffer> texts) implements Elements {

        /** Takes a copy of the list. */
        public Texts {
            texts = List.copyOf(texts);
        }

    }

}
