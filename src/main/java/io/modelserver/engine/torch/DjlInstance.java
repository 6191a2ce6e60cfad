package io.modelserver.engine.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.modelserver.engine.EngineMessages;
import io.modelserver.engine.InferenceException;
import io.modelserver.engine.InputBuffers;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.OutputBudget;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;

/**
 * A way through a TorchScript model for one thread at a time. That gradients are off is a
 * property of the thread in PyTorch, which DJL sets anew for each pass. The native inputs
 * only view the buffers that the instance keeps: they are valid until the next forward
 * pass.
 */
final class DjlInstance implements ModelInstance {

    private final Block block;

    private final NDManager manager;

    private final InputCast cast;

    private final List<String> fields;

    private final InputBuffers buffers = new InputBuffers();

    /**
     * Creates an instance.
     * @param fields the names of the tensors of a named tuple, empty for other outputs
     */
    DjlInstance(Block block, NDManager manager, InputCast cast, List<String> fields) {
        this.block = block;
        this.manager = manager;
        this.cast = cast;
        this.fields = fields;
    }

    @Override
    public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
        Optional<DataType> target = cast.target();
        try {
            List<OutputTensor> outputs = run(batch, target);
            cast.settle(target.isPresent());
            return outputs;
        }
        catch (RuntimeException ex) {
            // DJL has no type of its own for what models and engines do wrong.
            Optional<DataType> attempt = cast.attempt();
            if (attempt.isPresent()) {
                return retry(batch, attempt, ex);
            }
            throw failure(ex);
        }
    }

    private List<OutputTensor> retry(List<ModelInput> batch, Optional<DataType> attempt, RuntimeException first)
            throws InferenceException {
        try {
            List<OutputTensor> outputs = run(batch, attempt);
            cast.settle(true);
            return outputs;
        }
        catch (RuntimeException ex) {
            throw failure(first);
        }
    }

    private static InferenceException failure(RuntimeException ex) {
        return new InferenceException("the forward pass failed: " + EngineMessages.reason(ex), ex);
    }

    private List<OutputTensor> run(List<ModelInput> batch, Optional<DataType> floats) {
        try (NDManager scope = manager.newSubManager()) {
            NDList inputs = new NDList();
            for (int input = 0; input < batch.getFirst().tensors().size(); input++) {
                NDArray array = scope.create(buffers.stack(batch, input), new Shape(InputBuffers.shape(batch, input)),
                        type(batch.getFirst().tensors().get(input).datatype()));
                inputs.add((floats.isPresent() && array.getDataType() == DataType.FLOAT32)
                        ? array.toType(floats.get(), false) : array);
            }
            return outputs(block.forward(new ParameterStore(scope, false), inputs, false),
                    new OutputBudget(batch.size()));
        }
    }

    private List<OutputTensor> outputs(NDList arrays, OutputBudget budget) {
        List<OutputTensor> outputs = new ArrayList<>(arrays.size());
        boolean named = fields.size() == arrays.size();
        for (NDArray array : arrays) {
            String name = named ? fields.get(outputs.size()) : array.getName();
            long[] dimensions = array.getShape().getShape();
            outputs.add(budget.covers(dimensions) ? new OutputTensor(name, tensor(shape(dimensions), array))
                    : OutputTensor.withheld(name, dimensions));
        }
        return outputs;
    }

    private static int[] shape(long[] dimensions) {
        int[] shape = new int[dimensions.length];
        for (int axis = 0; axis < dimensions.length; axis++) {
            shape[axis] = Math.toIntExact(dimensions[axis]);
        }
        return shape;
    }

    /** What has no datatype of its own, such as bytes, is read as {@code FP32}. */
    private static Tensor tensor(int[] shape, NDArray array) {
        return switch (array.getDataType()) {
            case FLOAT64 -> new Tensor(shape, array.toDoubleArray());
            case INT64 -> new Tensor(shape, array.toLongArray());
            case INT32 -> new Tensor(shape, array.toIntArray());
            case BOOLEAN -> new Tensor(shape, array.toBooleanArray());
            default -> new Tensor(shape, array.toType(DataType.FLOAT32, false).toFloatArray());
        };
    }

    private static DataType type(Datatype datatype) {
        return switch (datatype) {
            case FP32 -> DataType.FLOAT32;
            case FP64 -> DataType.FLOAT64;
            case FP16 -> DataType.FLOAT16;
            case INT64 -> DataType.INT64;
            case INT32 -> DataType.INT32;
            case BOOL -> DataType.BOOLEAN;
            case BYTES -> throw new IllegalArgumentException("TorchScript takes no texts");
        };
    }

    @Override
    public void close() {
        manager.close();
    }

}
