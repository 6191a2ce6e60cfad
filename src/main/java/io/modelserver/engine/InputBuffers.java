package io.modelserver.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.List;

import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;

/**
 * The elements of batches, one buffer per input, kept from pass to pass: no array is
 * allocated for a batch that is no larger than one before. Used by one thread at a time.
 */
public final class InputBuffers {

    private final List<ByteBuffer> buffers = new ArrayList<>();

    /** Creates buffers that hold nothing yet; they grow with the batches. */
    public InputBuffers() {
    }

    /**
     * Stacks one input of all samples.
     * @param batch at least one sample, all of the same shapes and datatypes
     * @param input which of its tensors; not one of texts
     * @return the elements, in the byte order of the machine; valid until the next call
     */
    public ByteBuffer stack(List<ModelInput> batch, int input) {
        Tensor first = batch.getFirst().tensors().get(input);
        int bytes = Math.multiplyExact(Math.multiplyExact(first.size(), batch.size()), first.datatype().elementBytes());
        ByteBuffer buffer = buffer(input, bytes);
        switch (first.datatype()) {
            case FP32 -> {
                FloatBuffer floats = buffer.asFloatBuffer();
                for (ModelInput sample : batch) {
                    floats.put(sample.tensors().get(input).values());
                }
            }
            case FP64 -> {
                DoubleBuffer doubles = buffer.asDoubleBuffer();
                batch.forEach((sample) -> doubles.put(sample.tensors().get(input).array(double[].class)));
            }
            case FP16 -> {
                ShortBuffer bits = buffer.asShortBuffer();
                batch.forEach((sample) -> bits.put(sample.tensors().get(input).array(short[].class)));
            }
            case INT64 -> {
                LongBuffer longs = buffer.asLongBuffer();
                batch.forEach((sample) -> longs.put(sample.tensors().get(input).array(long[].class)));
            }
            case INT32 -> {
                IntBuffer ints = buffer.asIntBuffer();
                batch.forEach((sample) -> ints.put(sample.tensors().get(input).array(int[].class)));
            }
            case BOOL -> {
                ByteBuffer truths = buffer.duplicate();
                batch.forEach((sample) -> put(truths, sample.tensors().get(input).array(boolean[].class)));
            }
            case BYTES -> throw new IllegalArgumentException("texts are not kept in a buffer");
        }
        return buffer;
    }

    private static void put(ByteBuffer buffer, boolean[] values) {
        for (boolean value : values) {
            buffer.put((byte) (value ? 1 : 0));
        }
    }

    /**
     * {@return the shape of one input of the whole batch}
     * @param batch at least one sample, all of the same shapes
     * @param input which of its tensors
     */
    public static long[] shape(List<ModelInput> batch, int input) {
        int[] sample = batch.getFirst().tensors().get(input).shape();
        long[] shape = new long[sample.length + 1];
        shape[0] = batch.size();
        for (int axis = 0; axis < sample.length; axis++) {
            shape[axis + 1] = sample[axis];
        }
        return shape;
    }

    private ByteBuffer buffer(int input, int bytes) {
        while (buffers.size() <= input) {
            buffers.add(ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder()));
        }
        if (buffers.get(input).capacity() < bytes) {
            buffers.set(input, ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
        }
        return buffers.get(input).clear().limit(bytes);
    }

}
