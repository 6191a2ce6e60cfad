package io.modelserver.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Turns the output tensors of a forward pass into predictions, as the model's metadata
 * maps them.
 */
public final class OutputDecoder {

    private final ModelMetadata metadata;

    public OutputDecoder(ModelMetadata metadata) {
        this.metadata = metadata;
    }

    /**
     * Decodes one forward pass. Outputs of the wrong shape fail every sample, a number
     * that is not finite fails its own.
     * @param outputs what the model returned, each with the batch axis first
     * @param batchSize how many samples went in
     * @return one result a sample, in their order
     */
    public List<InferenceResult> decode(List<OutputTensor> outputs, int batchSize) {
        String mismatch = mismatch(outputs, batchSize);
        if (mismatch != null) {
            return Collections.nCopies(batchSize, new InferenceFailure(mismatch));
        }
        float[] logits = Objects.requireNonNull(values(outputs, OutputRole.DIRECTION_LOGITS));
        float @Nullable [] confidence = values(outputs, OutputRole.CONFIDENCE);
        float @Nullable [] expectedReturn = values(outputs, OutputRole.EXPECTED_RETURN);
        List<InferenceResult> results = new ArrayList<>(batchSize);
        for (int sample = 0; sample < batchSize; sample++) {
            results.add(decode(logits, confidence, expectedReturn, sample));
        }
        return results;
    }

    /**
     * Says what is wrong with the shapes of a forward pass.
     * @param outputs what the model returned
     * @param batchSize how many samples went in
     * @return a sentence, or null if every output that the metadata maps is there and has
     * the right size
     */
    public @Nullable String mismatch(List<OutputTensor> outputs, int batchSize) {
        for (OutputRole role : OutputRole.values()) {
            float @Nullable [] values = values(outputs, role);
            int expected = (role == OutputRole.DIRECTION_LOGITS) ? batchSize * metadata.classes().size() : batchSize;
            if (values == null && (role == OutputRole.DIRECTION_LOGITS || metadata.outputs().containsKey(role))) {
                return "the model returned no output for %s; see 'outputs' in metadata.json".formatted(role.key());
            }
            if (values != null && values.length != expected) {
                return "the model returned %d numbers for %s of a batch of %d, expected %d".formatted(values.length,
                        role.key(), batchSize, expected);
            }
        }
        return null;
    }

    /**
     * Finds the numbers of one role.
     * @param outputs what the model returned
     * @param role the output that is wanted
     * @return its numbers, or null if the model has no such output
     */
    public float @Nullable [] values(List<OutputTensor> outputs, OutputRole role) {
        OutputTensor output = find(outputs, role);
        return (output != null) ? output.tensor().values() : null;
    }

    private @Nullable OutputTensor find(List<OutputTensor> outputs, OutputRole role) {
        OutputRef ref = metadata.outputs().get(role);
        if (ref == null) {
            OutputTensor named = byName(outputs, role.key());
            boolean positional = outputs.stream().allMatch((output) -> output.name() == null);
            return (named != null || !positional) ? named : byPosition(outputs, role.defaultPosition());
        }
        return switch (ref) {
            case OutputRef.ByName(String name) -> byName(outputs, name);
            case OutputRef.ByPosition(int index) -> byPosition(outputs, index);
        };
    }

    private static @Nullable OutputTensor byName(List<OutputTensor> outputs, String name) {
        return outputs.stream().filter((output) -> name.equals(output.name())).findFirst().orElse(null);
    }

    private static @Nullable OutputTensor byPosition(List<OutputTensor> outputs, int index) {
        return (index >= 0 && index < outputs.size()) ? outputs.get(index) : null;
    }

    private InferenceResult decode(float[] logits, float @Nullable [] confidence, float @Nullable [] expectedReturn,
            int sample) {
        int classes = metadata.classes().size();
        int first = sample * classes;
        int best = first;
        for (int i = first; i < first + classes; i++) {
            if (!Float.isFinite(logits[i])) {
                return notFinite(OutputRole.DIRECTION_LOGITS);
            }
            best = (logits[i] > logits[best]) ? i : best;
        }
        if (confidence != null && !Float.isFinite(confidence[sample])) {
            return notFinite(OutputRole.CONFIDENCE);
        }
        if (expectedReturn != null && !Float.isFinite(expectedReturn[sample])) {
            return notFinite(OutputRole.EXPECTED_RETURN);
        }
        float[] probabilities = softmax(logits, first, classes);
        return new Prediction(metadata.classes().get(best - first),
                (confidence != null) ? confidence[sample] : probabilities[best - first],
                (expectedReturn != null) ? expectedReturn[sample] : null, byDirection(probabilities));
    }

    private static InferenceFailure notFinite(OutputRole role) {
        return new InferenceFailure("the model answered with a number that is not finite in " + role.key());
    }

    /** The greatest logit is subtracted first, so that no exponential overflows. */
    private static float[] softmax(float[] logits, int first, int classes) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = first; i < first + classes; i++) {
            max = Math.max(max, logits[i]);
        }
        double[] exponentials = new double[classes];
        for (int i = 0; i < classes; i++) {
            exponentials[i] = Math.exp(logits[first + i] - max);
        }
        double sum = Arrays.stream(exponentials).sum();
        float[] probabilities = new float[classes];
        for (int i = 0; i < classes; i++) {
            probabilities[i] = (float) (exponentials[i] / sum);
        }
        return probabilities;
    }

    private Probabilities byDirection(float[] probabilities) {
        return new Probabilities(of(Direction.SELL, probabilities), of(Direction.HOLD, probabilities),
                of(Direction.BUY, probabilities));
    }

    private float of(Direction direction, float[] probabilities) {
        int position = metadata.classes().indexOf(direction);
        return (position < 0) ? 0 : probabilities[position];
    }

}
