package io.modelserver.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.modelserver.model.OutputTensor;

/**
 * Outputs of one batch size in memory of our own, which the engine writes into pass after
 * pass. What is read out of it is a copy.
 */
final class OnnxOutputs implements AutoCloseable {

    /** The engine may as well allocate what is larger: to copy it costs more. */
    private static final long MOST_BYTES = 64 << 10;

    /** No model returns nothing but this. */
    private static final byte UNWRITTEN = (byte) 0xA5;

    private final List<Output> outputs = new ArrayList<>();

    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    private OnnxOutputs() {
    }

    /**
     * Finds out whether an output's shape is known as soon as the size of the batch is.
     * @return true if nothing but its first axis is free, and its elements can be read
     * where they lie
     */
    static boolean isPlain(TensorInfo info) {
        long[] shape = info.getShape();
        boolean known = shape.length > 0 && shape[0] != 0;
        for (int axis = 1; axis < shape.length; axis++) {
            known &= shape[axis] > 0;
        }
        return known && switch (info.type) {
            case FLOAT, DOUBLE, FLOAT16, INT64, INT32, BOOL -> true;
            default -> false;
        };
    }

    /**
     * Allocates the outputs of one batch size.
     * @param infos the outputs by name, all of them plain
     * @return the outputs, to be closed; empty if they are large
     * @throws OrtException if the engine does not take one
     */
    static Optional<OnnxOutputs> of(OrtEnvironment environment, Map<String, TensorInfo> infos, int batchSize)
            throws OrtException {
        if (infos.values().stream().mapToLong((info) -> bytes(info, batchSize)).sum() > MOST_BYTES) {
            return Optional.empty();
        }
        OnnxOutputs made = new OnnxOutputs();
        try {
            for (Map.Entry<String, TensorInfo> info : infos.entrySet()) {
                made.add(environment, info.getKey(), info.getValue(), batchSize);
            }
            return Optional.of(made);
        }
        catch (OrtException | RuntimeException ex) {
            made.close();
            throw ex;
        }
    }

    private static long[] shape(TensorInfo info, int batchSize) {
        long[] shape = info.getShape().clone();
        shape[0] = (shape[0] < 0) ? batchSize : shape[0];
        return shape;
    }

    /** Sizes that overflow are large too. */
    private static long bytes(TensorInfo info, int batchSize) {
        double bytes = info.type.size;
        for (long dimension : shape(info, batchSize)) {
            bytes *= dimension;
        }
        return (long) Math.min(bytes, MOST_BYTES + 1);
    }

    private void add(OrtEnvironment environment, String name, TensorInfo info, int batchSize) throws OrtException {
        long[] shape = shape(info, batchSize);
        ByteBuffer memory = ByteBuffer.allocateDirect((int) bytes(info, batchSize)).order(ByteOrder.nativeOrder());
        tensors.put(name, OnnxTensors.over(environment, memory, shape, info.type));
        outputs.add(new Output(name, info, OnnxTensors.shape(shape), memory));
    }

    /**
     * Runs a pass.
     * @param inputs of this batch size
     * @return copies of what it returned
     * @throws OrtException if it fails, or returns other shapes
     */
    List<OutputTensor> run(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
        session.run(inputs, tensors).close();
        List<OutputTensor> copies = new ArrayList<>(outputs.size());
        for (Output output : outputs) {
            copies.add(new OutputTensor(output.name,
                    OnnxTensors.read(output.info.type, output.shape, output.memory.rewind())));
        }
        return copies;
    }

    /**
     * Tries whether the engine writes here what it returns otherwise. It would not write
     * an output that is an input, or a constant, under another name.
     * @param inputs of this batch size
     * @return whether all outputs are the same, bit by bit
     * @throws OrtException if the pass fails, or returns other shapes
     */
    boolean areWritten(OrtSession session, Map<String, OnnxTensor> inputs) throws OrtException {
        for (Output output : outputs) {
            for (int i = 0; i < output.memory.capacity(); i++) {
                output.memory.put(i, UNWRITTEN);
            }
        }
        session.run(inputs, tensors).close();
        try (OrtSession.Result other = session.run(inputs, Set.copyOf(tensors.keySet()))) {
            for (Output output : outputs) {
                if (!(other.get(output.name).orElse(null) instanceof OnnxTensor array)
                        || !Arrays.equals(OnnxTensors.shape(array.getInfo().getShape()), output.shape)
                        || !array.getByteBuffer().equals(output.memory.rewind())) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
    }

    private static final class Output {

        private final String name;

        private final TensorInfo info;

        /** Shared by all copies, since the shapes of tensors are not changed. */
        private final int[] shape;

        private final ByteBuffer memory;

        Output(String name, TensorInfo info, int[] shape, ByteBuffer memory) {
            this.name = name;
            this.info = info;
            this.shape = shape;
            this.memory = memory;
        }

    }

}
