package io.modelserver.engine.onnx;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.modelserver.engine.EngineMessages;
import io.modelserver.engine.FloatBuffers;
import io.modelserver.engine.InferenceException;
import io.modelserver.engine.ModelInstance;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelSignature;
import io.modelserver.inference.OutputTensor;
import io.modelserver.inference.Tensor;

/**
 * One thread's way through an ONNX session. Only outputs of numbers are computed; maps of
 * class labels are read by their keys and become a column per label, in the order of the
 * file.
 */
final class OnnxInstance implements ModelInstance {

    private final OrtEnvironment environment;

    private final OrtSession session;

    private final ModelSignature signature;

    private final Set<String> numbers = new LinkedHashSet<>();

    private final FloatBuffers buffers = new FloatBuffers();

    OnnxInstance(OrtEnvironment environment, OrtSession session, ModelSignature signature) {
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        signature.outputs()
            .stream()
            .filter((output) -> output.kind() == ModelSignature.Kind.NUMBERS)
            .map(ModelSignature.Output::name)
            .forEach(numbers::add);
    }

    @Override
    public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
        if (numbers.isEmpty()) {
            throw new InferenceException("the model returns no numbers", null);
        }
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (int input = 0; input < batch.getFirst().tensors().size(); input++) {
                FloatBuffer floats = buffers.stack(batch, input).asFloatBuffer();
                inputs.put(signature.inputs().get(input).name(),
                        OnnxTensor.createTensor(environment, floats, FloatBuffers.shape(batch, input)));
            }
            try (OrtSession.Result result = session.run(inputs, numbers)) {
                return outputs(result);
            }
        }
        catch (OrtException | RuntimeException ex) {
            throw new InferenceException("the forward pass failed: " + EngineMessages.reason(ex), ex);
        }
        finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private List<OutputTensor> outputs(OrtSession.Result result) throws OrtException {
        List<OutputTensor> outputs = new ArrayList<>(result.size());
        for (Map.Entry<String, OnnxValue> output : result) {
            Tensor tensor = switch (output.getValue()) {
                case OnnxTensor array -> tensor(array);
                case OnnxSequence maps -> columns(maps, signature.output(output.getKey()).orElseThrow().labels());
                default -> throw new IllegalStateException(output.getKey() + " holds no numbers");
            };
            outputs.add(new OutputTensor(output.getKey(), tensor));
        }
        return outputs;
    }

    private static Tensor tensor(OnnxTensor array) {
        long[] dimensions = array.getInfo().getShape();
        int[] shape = new int[dimensions.length];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = Math.toIntExact(dimensions[axis]);
        }
        return new Tensor(shape, floats(array));
    }

    private static float[] floats(OnnxTensor array) {
        return switch (array.getInfo().type) {
            case FLOAT, FLOAT16, BFLOAT16 -> {
                FloatBuffer buffer = array.getFloatBuffer();
                float[] values = new float[buffer.remaining()];
                buffer.get(values);
                yield values;
            }
            case DOUBLE -> {
                double[] doubles = new double[array.getDoubleBuffer().remaining()];
                array.getDoubleBuffer().get(doubles);
                float[] values = new float[doubles.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) doubles[i];
                }
                yield values;
            }
            default -> throw new IllegalStateException("an output holds " + array.getInfo().type);
        };
    }

    private static Tensor columns(OnnxSequence sequence, List<String> labels) throws OrtException {
        List<? extends OnnxValue> rows = sequence.getValue();
        float[] values = new float[rows.size() * labels.size()];
        for (int row = 0; row < rows.size(); row++) {
            try (OnnxMap map = (OnnxMap) rows.get(row)) {
                for (Map.Entry<?, ?> entry : map.getValue().entrySet()) {
                    int column = labels.indexOf(entry.getKey().toString());
                    values[row * labels.size() + column] = ((Number) entry.getValue()).floatValue();
                }
            }
        }
        return new Tensor(new int[] { rows.size(), labels.size() }, values);
    }

    /** The session is the model's. */
    @Override
    public void close() {
    }

}
