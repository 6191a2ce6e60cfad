package io.modelserver.engine.onnx;

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
import io.modelserver.engine.InferenceException;
import io.modelserver.engine.InputBuffers;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;

/**
 * One thread's way through an ONNX session. Outputs that can't be read are not computed;
 * maps of class labels are read by their keys and become a column per label, in the order
 * of the file.
 */
final class OnnxInstance implements ModelInstance {

    private final OrtEnvironment environment;

    private final OrtSession session;

    private final ModelSignature signature;

    private final Set<String> readable = new LinkedHashSet<>();

    private final InputBuffers buffers = new InputBuffers();

    OnnxInstance(OrtEnvironment environment, OrtSession session, ModelSignature signature) {
        this.environment = environment;
        this.session = session;
        this.signature = signature;
        signature.outputs()
            .stream()
            .filter((output) -> output.datatype() != null)
            .map(ModelSignature.Output::name)
            .forEach(readable::add);
    }

    @Override
    public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
        if (readable.isEmpty()) {
            throw new InferenceException("the model returns nothing that can be read", null);
        }
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            for (int input = 0; input < batch.getFirst().tensors().size(); input++) {
                inputs.put(signature.inputs().get(input).name(), OnnxTensors.stack(environment, buffers, batch, input));
            }
            try (OrtSession.Result result = session.run(inputs, readable)) {
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
                case OnnxTensor array -> OnnxTensors.read(array);
                case OnnxSequence maps -> columns(maps, signature.output(output.getKey()).orElseThrow().labels());
                default -> throw new IllegalStateException(output.getKey() + " holds no numbers");
            };
            outputs.add(new OutputTensor(output.getKey(), tensor));
        }
        return outputs;
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
