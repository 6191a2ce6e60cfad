package io.modelserver.head;

import java.util.Arrays;
import java.util.List;

import io.modelserver.model.ModelOutput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The quantiles of one sample in ascending order. Models that estimate each quantile by
 * itself, as boosted trees do, cross at times: the 0.1 quantile of a row is above its 0.9
 * quantile. Sorting the estimates of a row is never further from the true quantiles than
 * they are as they came: V. Chernozhukov, I. Fernández-Val, A. Galichon, <i>Quantile and
 * Probability Curves Without Crossing</i>, Econometrica 78 (2010).
 */
final class Quantiles {

    private static final double MEDIAN = 0.5;

    private final List<Double> levels;

    /**
     * Takes the levels.
     * @param levels one per column, ascending; empty if there are no quantiles
     */
    Quantiles(List<Double> levels) {
        this.levels = levels;
    }

    int count() {
        return levels.size();
    }

    boolean hasMedian() {
        return levels.contains(MEDIAN);
    }

    /**
     * Finds the median.
     * @param output as many numbers per sample as there are levels
     */
    float median(OutputTensor output, int sample, int batchSize) {
        return sorted(output, sample, batchSize)[levels.indexOf(MEDIAN)];
    }

    private float[] sorted(OutputTensor output, int sample, int batchSize) {
        float[] values = numbers(output, sample, batchSize);
        Arrays.sort(values);
        return values;
    }

    private float[] numbers(OutputTensor output, int sample, int batchSize) {
        float[] values = new float[levels.size()];
        for (int column = 0; column < values.length; column++) {
            values[column] = NumberRoles.at(output, column, sample, batchSize);
        }
        return values;
    }

    /**
     * Takes a sample's part out of a pass.
     * @param output the pass
     * @param position of the quantiles in it
     * @return the part, ascending
     */
    Tensor of(ModelOutput output, int position) {
        Tensor part = output.tensor(position);
        float[] values = numbers(output.pass().get(position), output.sample(), output.batchSize());
        for (int i = 1; i < values.length; i++) {
            if (values[i] < values[i - 1]) {
                return ascending(part);
            }
        }
        return part;
    }

    /** Tensors are shared and not changed. */
    private static Tensor ascending(Tensor part) {
        return switch (part.datatype()) {
            case FP64 -> {
                double[] values = part.array(double[].class).clone();
                Arrays.sort(values);
                yield new Tensor(part.shape(), values);
            }
            case FP32, FP16, INT64, INT32, BOOL, BYTES -> {
                float[] values = part.floats().clone();
                Arrays.sort(values);
                yield new Tensor(part.shape(), values);
            }
        };
    }

    /**
     * Looks for two quantiles that cross for every input: then the columns are in another
     * order than the levels.
     * @param outputs the quantiles of one sample each
     * @return a sentence, or null if there are none
     */
    @Nullable String contradiction(List<OutputTensor> outputs) {
        for (int column = 1; column < levels.size() && outputs.size() > 1; column++) {
            int upper = column;
            boolean always = outputs.stream()
                .map((output) -> numbers(output, 0, 1))
                .allMatch((values) -> values[upper] < values[upper - 1]);
            if (always) {
                return ("the quantile of level %s is above that of level %s for every input on which the model was checked: the "
                        + "columns must be in the order of 'levels' in 'outputs' in metadata.json, which ascend")
                    .formatted(levels.get(upper - 1), levels.get(upper));
            }
        }
        return null;
    }

}
