package io.modelserver.engine.onnx;

import java.util.ArrayList;
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
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.OutputBudget;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;

/**
 * A way through an ONNX session for one thread at a time. Outputs that can't be read are
 * not computed; maps of class labels are read by their keys and become a column per
 * label, in the order of the file. Inputs, and outputs whose shapes are known beforehand,
 * lie in memory that is kept from pass to pass.
 */
final class OnnxInstance implements ModelInstance {

    private final OrtSession session;

    private final ModelSignature signature;

    private final Set<String> readable = new LinkedHashSet<>();

    private final OnnxInputs inputs;

    private final OnnxKeptOutputs keptOutputs;

    OnnxInstance(OrtEnvironment environment, OrtSession session, ModelSignature signature) {
        this.session = session;
        this.signature = signature;
        signature.outputs()
            .stream()
            .filter((output) -> output.datatype() != null)
            .map(ModelSignature.Output::name)
            .forEach(readable::add);
        this.inputs = new OnnxInputs(environment, signature.inputs().stream().map(ModelSignature.Input::name).toList());
        this.keptOutputs = new OnnxKeptOutputs(environment, session, readable);
    }

    @Override
    public List<OutputTensor> forward(List<ModelInput> batch) throws InferenceException {
        if (readable.isEmpty()) {
            throw new InferenceException("the model returns nothing that can be read", null);
        }
        try {
            Map<String, OnnxTensor> stacked = inputs.stack(batch);
            OnnxOutputs outputs = keptOutputs.of(batch.size(), stacked);
            return (outputs != null) ? run(stacked, outputs, batch.size()) : run(stacked, batch.size());
        }
        catch (OrtException | RuntimeException ex) {
            throw new InferenceException("the forward pass failed: " + EngineMessages.reason(ex), ex);
        }
    }

    private List<OutputTensor> run(Map<String, OnnxTensor> stacked, int batchSize) throws OrtException {
        try (OrtSession.Result result = session.run(stacked, readable)) {
            return outputs(result, new OutputBudget(batchSize));
        }
    }

    /** What fails without them too was not their fault. */
    private List<OutputTensor> run(Map<String, OnnxTensor> stacked, OnnxOutputs kept, int batchSize)
            throws OrtException {
        try {
            return kept.run(session, stacked);
        }
        catch (OrtException ex) {
            List<OutputTensor> returned = run(stacked, batchSize);
            keptOutputs.giveUp();
            return returned;
        }
    }

    private List<OutputTensor> outputs(OrtSession.Result result, OutputBudget budget) throws OrtException {
        List<OutputTensor> outputs = new ArrayList<>(result.size());
        for (Map.Entry<String, OnnxValue> output : result) {
            String name = output.getKey();
            outputs.add(switch (output.getValue()) {
                case OnnxTensor array -> output(name, array, budget);
                case OnnxSequence maps -> output(name, maps, budget);
                default -> throw new IllegalStateException(name + " holds no numbers");
            });
        }
        return outputs;
    }

    private static OutputTensor output(String name, OnnxTensor array, OutputBudget budget) throws OrtException {
        long[] shape = array.getInfo().getShape();
        return budget.covers(shape) ? new OutputTensor(name, OnnxTensors.read(array))
                : OutputTensor.withheld(name, shape);
    }

    private OutputTensor output(String name, OnnxSequence maps, OutputBudget budget) throws OrtException {
        List<String> labels = signature.output(name).orElseThrow().labels();
        long[] shape = { maps.getInfo().length, labels.size() };
        return budget.covers(shape) ? new OutputTensor(name, columns(maps, labels))
                : OutputTensor.withheld(name, shape);
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
        inputs.close();
        keptOutputs.close();
    }

}
