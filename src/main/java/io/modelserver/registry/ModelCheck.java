package io.modelserver.registry;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.modelserver.inference.InferenceException;
import io.modelserver.inference.InferenceFailure;
import io.modelserver.inference.ModelFormat;
import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelInstance;
import io.modelserver.inference.ModelLoadException;
import io.modelserver.inference.ModelMetadata;
import io.modelserver.inference.OutputDecoder;
import io.modelserver.inference.OutputRole;
import io.modelserver.inference.OutputTensor;
import io.modelserver.inference.Tensor;
import io.modelserver.inference.TensorSpec;
import org.jspecify.annotations.Nullable;

/**
 * What an instance must pass before it sees traffic: it reproduces its golden samples,
 * then runs every batch size.
 */
final class ModelCheck {

    private static final double TOLERANCE = 1e-4;

    private final List<GoldenSample> goldenSamples;

    private final ModelInput warmUpInput;

    private final OutputDecoder decoder;

    ModelCheck(ModelMetadata metadata, List<GoldenSample> goldenSamples) {
        this.goldenSamples = goldenSamples;
        this.warmUpInput = goldenSamples.isEmpty() ? zeros(metadata) : goldenSamples.getFirst().input();
        this.decoder = new OutputDecoder(metadata);
    }

    OutputDecoder decoder() {
        return decoder;
    }

    void verify(ModelInstance instance) throws ModelLoadException {
        for (GoldenSample sample : goldenSamples) {
            List<OutputTensor> outputs = forward(instance, sample.input(), 1);
            if (decoder.decode(outputs, 1).getFirst() instanceof InferenceFailure(String reason)) {
                throw new ModelLoadException("the golden sample failed: " + reason);
            }
            for (Map.Entry<OutputRole, float[]> expected : sample.outputs().entrySet()) {
                compare(expected.getKey(), expected.getValue(), decoder.values(outputs, expected.getKey()),
                        "sample.json");
            }
        }
    }

    boolean hasGoldenSamples() {
        return !goldenSamples.isEmpty();
    }

    /** Whether two engines answer the golden samples alike. */
    void compare(ModelInstance reference, ModelInstance candidate) throws ModelLoadException {
        for (GoldenSample sample : goldenSamples) {
            List<OutputTensor> expected = forward(reference, sample.input(), 1);
            List<OutputTensor> actual = forward(candidate, sample.input(), 1);
            for (OutputRole role : OutputRole.values()) {
                float[] values = decoder.values(expected, role);
                if (values != null) {
                    compare(role, values, decoder.values(actual, role), "the other engine");
                }
            }
        }
    }

    void warmUp(ModelInstance instance, ModelFormat format, int fromBatchSize, int toBatchSize, Runnable afterPass)
            throws ModelLoadException {
        for (int batchSize = fromBatchSize; batchSize <= toBatchSize; batchSize++) {
            for (int pass = 0; pass < format.warmUpPasses(); pass++) {
                run(instance, batchSize);
                afterPass.run();
            }
        }
    }

    /** One forward pass of the warm-up input, its outputs checked. */
    void run(ModelInstance instance, int batchSize) throws ModelLoadException {
        String mismatch = decoder.mismatch(forward(instance, warmUpInput, batchSize), batchSize);
        if (mismatch != null) {
            throw new ModelLoadException(mismatch);
        }
    }

    private static List<OutputTensor> forward(ModelInstance instance, ModelInput input, int batchSize)
            throws ModelLoadException {
        try {
            return instance.forward(Collections.nCopies(batchSize, input));
        }
        catch (InferenceException ex) {
            throw new ModelLoadException(
                    "the model does not run on its declared input shape, compare input_shape in metadata.json: "
                            + ex.getMessage(),
                    ex);
        }
    }

    private static void compare(OutputRole role, float[] expected, float @Nullable [] actual, String reference)
            throws ModelLoadException {
        if (actual == null || actual.length != expected.length) {
            throw new ModelLoadException("%s has %d numbers for %s, the model returned %d".formatted(reference,
                    expected.length, role.key(), (actual == null) ? 0 : actual.length));
        }
        for (int i = 0; i < expected.length; i++) {
            double allowed = TOLERANCE * Math.max(1, Math.abs(expected[i]));
            if (!(Math.abs(actual[i] - expected[i]) <= allowed)) {
                throw new ModelLoadException(("the golden sample is not reproduced: %s[%d] is %s, %s says %s; "
                        + "the file is damaged or not the one that was exported with it")
                    .formatted(role.key(), i, actual[i], reference, expected[i]));
            }
        }
    }

    private static ModelInput zeros(ModelMetadata metadata) {
        return new ModelInput(metadata.inputs().stream().map(ModelCheck::zeros).toList());
    }

    private static Tensor zeros(TensorSpec spec) {
        int[] shape = spec.shape().stream().mapToInt((dimension) -> Math.max(1, dimension)).toArray();
        return new Tensor(shape, new float[spec.elements()]);
    }

}
