package io.modelserver.djl;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.modelserver.inference.InferenceException;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelInstance;
import io.modelserver.inference.OutputTensor;
import io.modelserver.inference.Tensor;

/**
 * One thread's way through a model. The inputs are written into buffers that the instance
 * keeps, which the native tensors only view: they are valid until the next forward pass,
 * and no array is allocated per pass.
 */
final class DjlInstance implements ModelInstance {

    private final Block block;

    private final NDManager manager;

    private final List<ByteBuffer> buffers = new ArrayList<>();

    DjlInstance(Block block, NDManager manager) {
        this.block = block;
        this.manager = manager;
    }

    @Override
    public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
        try (NDManager scope = manager.newSubManager()) {
            NDList inputs = new NDList();
            for (int input = 0; input < batch.getFirst().tensors().size(); input++) {
                inputs.add(stack(scope, batch, input));
            }
            return outputs(block.forward(new ParameterStore(scope, false), inputs, false));
        }
        catch (RuntimeException ex) {
            // DJL has no type of its own for what models and engines do wrong.
            throw new InferenceException("the forward pass failed: " + EngineMessages.reason(ex), ex);
        }
    }

    private NDArray stack(NDManager scope, List<ModelInput> batch, int input) {
        Tensor first = batch.getFirst().tensors().get(input);
        int bytes = Math.multiplyExact(Math.multiplyExact(first.values().length, batch.size()), Float.BYTES);
        ByteBuffer buffer = buffer(input, bytes);
        FloatBuffer floats = buffer.asFloatBuffer();
        for (ModelInput sample : batch) {
            floats.put(sample.tensors().get(input).values());
        }
        long[] shape = new long[first.shape().length + 1];
        shape[0] = batch.size();
        for (int axis = 0; axis < first.shape().length; axis++) {
            shape[axis + 1] = first.shape()[axis];
        }
        return scope.create(buffer, new Shape(shape), DataType.FLOAT32);
    }

    private ByteBuffer buffer(int input, int bytes) {
        while (buffers.size() <= input) {
            buffers.add(ByteBuffer.allocateDirect(0));
        }
        if (buffers.get(input).capacity() < bytes) {
            buffers.set(input, ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()));
        }
        return buffers.get(input).clear().limit(bytes);
    }

    private static List<OutputTensor> outputs(NDList arrays) {
        List<OutputTensor> outputs = new ArrayList<>(arrays.size());
        for (NDArray array : arrays) {
            NDArray floats = array.toType(DataType.FLOAT32, false);
            long[] dimensions = floats.getShape().getShape();
            int[] shape = new int[dimensions.length];
            for (int axis = 0; axis < dimensions.length; axis++) {
                shape[axis] = Math.toIntExact(dimensions[axis]);
            }
            outputs.add(new OutputTensor(array.getName(), new Tensor(shape, floats.toFloatArray())));
        }
        return outputs;
    }

    @Override
    public void close() {
        manager.close();
    }

}
