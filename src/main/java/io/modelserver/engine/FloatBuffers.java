package io.modelserver.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

import io.modelserver.inference.ModelInput;

/**
 * The numbers of batches, one buffer per input, kept from pass to pass: no array is
 * allocated for a batch that is no larger than one before. Confined to one thread.
 */
public final class FloatBuffers {

    private final List<ByteBuffer> buffers = new ArrayList<>();

    /**
     * Stacks one input of all samples.
     * @param batch at least one sample, all of the same shapes
     * @param input which of its tensors
     * @return the numbers, in the byte order of the machine; valid until the next call
     */
    public ByteBuffer stack(List<ModelInput> batch, int input) {
        int elements = batch.getFirst().tensors().get(input).values().length;
        ByteBuffer buffer = buffer(input, Math.multiplyExact(Math.multiplyExact(elements, batch.size()), Float.BYTES));
        FloatBuffer floats = buffer.asFloatBuffer();
        for (ModelInput sample : batch) {
            floats.put(sample.tensors().get(input).values());
        }
        return buffer;
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
