package io.modelserver.engine.onnx;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.modelserver.engine.InputBuffers;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of one instance: the memory of batches, and a tensor of the engine's over it
 * for each of the last shapes, which the next batch of that shape finds ready. Used by
 * one thread at a time.
 */
final class OnnxInputs implements AutoCloseable {

    /** A tensor is small, since all of them share the memory. */
    private static final int MOST_KEPT = 32;

    private final OrtEnvironment environment;

    private final List<String> names;

    private final InputBuffers buffers = new InputBuffers();

    private final @Nullable ByteBuffer[] memory;

    private final List<Stacked> kept = new ArrayList<>();

    /**
     * Creates the inputs, without memory.
     * @param names of the inputs, in the order of a sample's tensors
     */
    OnnxInputs(OrtEnvironment environment, List<String> names) {
        this.environment = environment;
        this.names = List.copyOf(names);
        this.memory = new ByteBuffer[names.size()];
    }

    /**
     * Stacks a batch.
     * @param batch at least one sample, all of the same shapes and datatypes
     * @return a tensor per input, by name; valid until the next call, not to be closed
     * @throws OrtException if the engine does not take one
     */
    Map<String, OnnxTensor> stack(List<ModelInput> batch) throws OrtException {
        List<Tensor> sample = batch.getFirst().tensors();
        for (int input = 0; input < sample.size(); input++) {
            if (sample.get(input).datatype() != Datatype.BYTES) {
                lieOver(input, buffers.stack(batch, input));
            }
        }
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).fits(sample, batch.size())) {
                return kept.get(i).tensors;
            }
        }
        if (kept.size() == MOST_KEPT) {
            kept.removeFirst().close();
        }
        Stacked made = new Stacked(sample, batch.size());
        kept.add(made);
        made.open(batch);
        return made.tensors;
    }

    /** Tensors over memory that is no longer written to are of no use. */
    @SuppressWarnings("ReferenceEquality")
    private void lieOver(int input, ByteBuffer elements) {
        if (memory[input] != elements) {
            close();
            memory[input] = elements;
        }
    }

    /** Frees the tensors; the next batch gets others. */
    @Override
    public void close() {
        kept.forEach(Stacked::close);
        kept.clear();
    }

    /** The tensors of one shape. */
    private final class Stacked {

        private final int batchSize;

        private final int[][] shapes;

        private final Datatype[] datatypes;

        private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

        Stacked(List<Tensor> sample, int batchSize) {
            this.batchSize = batchSize;
            this.shapes = sample.stream().map(Tensor::shape).toArray(int[][]::new);
            this.datatypes = sample.stream().map(Tensor::datatype).toArray(Datatype[]::new);
        }

        void open(List<ModelInput> batch) throws OrtException {
            for (int input = 0; input < shapes.length; input++) {
                tensors.put(names.get(input), OnnxTensors.stack(environment, memory[input], batch, input));
            }
        }

        /** Texts are copied into their tensor, which no other batch can use. */
        boolean fits(List<Tensor> sample, int size) {
            if (size != batchSize || sample.size() != tensors.size()) {
                return false;
            }
            for (int input = 0; input < shapes.length; input++) {
                Tensor tensor = sample.get(input);
                if (datatypes[input] == Datatype.BYTES || tensor.datatype() != datatypes[input]
                        || !Arrays.equals(tensor.shape(), shapes[input])) {
                    return false;
                }
            }
            return true;
        }

        void close() {
            tensors.values().forEach(OnnxTensor::close);
        }

    }

}
