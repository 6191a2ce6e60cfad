package io.modelserver.head;

import java.util.Arrays;
import java.util.List;

import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the roles that have one number per sample: how sure a model is, and what it
 * expects to earn.
 */
final class NumberRoles {

    private final OutputMap map;

    NumberRoles(OutputMap map) {
        this.map = map;
    }

    /**
     * Describes what is wrong with an output of a forward pass.
     * @param outputs what the model returned
     * @param role what the output was taken for
     * @param output null if the model has none
     * @return a sentence, or null if it can be read
     */
    @Nullable String mismatch(List<OutputTensor> outputs, OutputRole role, @Nullable OutputTensor output, int batchSize) {
        if (output == null) {
            return map.isMapped(role) ? map.missing(outputs, role) : null;
        }
        String mismatch = mismatch(role.key(), output.tensor(), map.column(role), batchSize);
        return (mismatch != null && map.column(role) == OutputRef.WHOLE) ? mismatch + guess(outputs, role) : mismatch;
    }

    /**
     * Describes what is wrong with one number per sample.
     * @param key what it is called
     * @param column of the tensor, or {@link OutputRef#WHOLE}
     * @return a sentence, or null if it can be read
     */
    static @Nullable String mismatch(String key, Tensor tensor, int column, int batchSize) {
        int columns = (tensor.size() % batchSize == 0) ? tensor.size() / batchSize : 0;
        if (column != OutputRef.WHOLE && (column >= columns || tensor.shape().length > 2)) {
            return "%s is column %d of an output whose shape is %s for a batch of %d, expected [batch, columns] with more columns"
                .formatted(key, column, Arrays.toString(tensor.shape()), batchSize);
        }
        if (column == OutputRef.WHOLE && tensor.size() != batchSize) {
            return "the model returned %d numbers for %s of a batch of %d, expected %d".formatted(tensor.size(), key,
                    batchSize, batchSize)
                    + ((columns > 1)
                            ? ": say which column it is, e.g. \"outputs\": {\"%s\": {\"output\": …, \"column\": 0}}"
                                .formatted(key)
                            : "");
        }
        return batchProblem(key, tensor, batchSize);
    }

    /** Models that squeeze their output drop the batch axis of a batch of one. */
    static @Nullable String batchProblem(String key, Tensor tensor, int batchSize) {
        if (batchSize > 1 && (tensor.shape().length == 0 || tensor.shape()[0] != batchSize)) {
            return ("the first axis of %s is not the batch: its shape is %s for a batch of %d; export the model so that "
                    + "every output has the batch as its first axis")
                .formatted(key, Arrays.toString(tensor.shape()), batchSize);
        }
        return null;
    }

    /**
     * {@return a sample's number}
     * @param output that {@link #mismatch} has nothing against
     */
    static float at(OutputTensor output, int column, int sample, int batchSize) {
        float[] values = output.tensor().floats();
        return values[sample * (values.length / batchSize) + Math.max(0, column)];
    }

    /**
     * Finds the number of a sample.
     * @param output null if the model has none
     */
    float value(OutputRole role, @Nullable OutputTensor output, int sample, int batchSize) {
        return (output == null) ? Float.NaN : at(output, map.column(role), sample, batchSize);
    }

    /**
     * Explains why a number can't be what it is taken for.
     * @return a sentence, or null if it can
     */
    static @Nullable String problem(OutputRole role, float value) {
        if (!Float.isFinite(value)) {
            return notFinite(role.key());
        }
        return switch (role) {
            case CONFIDENCE -> Plausible.confidenceProblem(value);
            case EXPECTED_RETURN -> Plausible.returnProblem(value);
            default -> null;
        };
    }

    static String notFinite(String key) {
        return "the model answered with a number that is not finite in " + key;
    }

    /**
     * {@return what to do where an output was taken for something that nobody said it is;
     * empty if the metadata maps it}
     * @param outputs what the model returned
     * @param role what it was taken for
     */
    String guess(List<OutputTensor> outputs, OutputRole role) {
        if (map.isMapped(role) || role.isPerClass()) {
            return "";
        }
        OutputTensor output = map.find(outputs, role);
        if (output != null && role.key().equals(output.name())) {
            return "; the output was taken for the %1$s because it is called '%1$s': rename it in the model if it is something else"
                .formatted(role.key());
        }
        if (output != null && output.name() != null) {
            return ("; the output was taken for the %1$s because it is the only one: if it is something else, give it a name "
                    + "of its own in metadata.json, e.g. \"outputs\": {\"volatility\": \"%2$s\"}")
                .formatted(role.key(), output.name());
        }
        return ("; nothing says that this output is the %s, it was taken for it by its place: say in 'outputs' in "
                + "metadata.json what the model returns, e.g. {\"direction_logits\": 0}")
            .formatted(role.key());
    }

}
