package io.modelserver.registry.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;

import io.modelserver.drift.Baseline;
import io.modelserver.drift.FeatureBaseline;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.metadata.GoldenSample;
import org.jspecify.annotations.Nullable;

/**
 * Creates the different rows on which a version is checked, the same ones at every load:
 * its golden samples, and as many again with each number moved by some percent; without
 * samples, numbers drawn from what training saw of each feature; without statistics,
 * numbers around 0.
 */
public final class CheckRows {

    private static final int MOST = 8;

    private static final int MOST_ELEMENTS = 1 << 22;

    private static final double MOVED_BY = 0.05;

    private static final double HALF = 0.5;

    private final ModelMetadata metadata;

    private final List<GoldenSample> samples;

    private final Baseline baseline;

    private final Random random = new Random(8001);

    /**
     * Creates the rows of one version.
     * @param metadata what the version takes
     * @param samples its golden samples, which may be none
     * @param baseline what training saw, which may be lacking
     */
    public CheckRows(ModelMetadata metadata, List<GoldenSample> samples, Baseline baseline) {
        this.metadata = metadata;
        this.samples = samples;
        this.baseline = baseline;
    }

    /**
     * {@return the first of them}
     */
    public ModelInput first() {
        return samples.isEmpty() ? drawn() : samples.getFirst().input();
    }

    /**
     * {@return at least two different rows of the same shapes}
     */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (GoldenSample sample : samples) {
            if (rows.size() < MOST && sample.input().hasShapesOf(samples.getFirst().input())) {
                rows.add(new Row(sample.input(), true));
            }
        }
        int count = Math.clamp(MOST_ELEMENTS / Math.max(1, elements()), 2, MOST);
        List<Row> golden = List.copyOf(rows);
        while (rows.size() < count) {
            rows.add(new Row(golden.isEmpty() ? drawn() : moved(golden.get(rows.size() % golden.size()).input()),
                    false));
        }
        return rows;
    }

    /**
     * {@return rows of numbers in [0, 1), for models that do not run on others}
     */
    List<Row> positiveRows() {
        List<Row> rows = new ArrayList<>();
        while (rows.size() < 2) {
            rows.add(new Row(filled(random::nextDouble), false));
        }
        return rows;
    }

    /**
     * {@return one row of zeros}
     */
    List<Row> zeros() {
        return List.of(new Row(filled(() -> 0), true));
    }

    private int elements() {
        return metadata.inputs().stream().mapToInt(TensorSpec::elements).sum();
    }

    private ModelInput moved(ModelInput input) {
        return new ModelInput(input.tensors().stream().map(this::moved).toList(), input.symbol());
    }

    /** Integers and truth values are names of something more often than amounts. */
    private Tensor moved(Tensor tensor) {
        if (tensor.datatype() == Datatype.FP64) {
            return Tensor.of(Datatype.FP64, tensor.shape(),
                    Arrays.stream(tensor.array(double[].class)).map(this::moved).toArray());
        }
        if (tensor.datatype() != Datatype.FP32) {
            return tensor;
        }
        float[] values = tensor.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) moved((double) values[i]);
        }
        return new Tensor(tensor.shape(), values);
    }

    private double moved(double number) {
        return number * (1 + MOVED_BY * random.nextGaussian());
    }

    private ModelInput drawn() {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(features(metadata.features()));
        for (TensorSpec other : metadata.inputs().subList(1, metadata.inputs().size())) {
            tensors.add(filled(other, () -> 0.5 + random.nextDouble()));
        }
        return new ModelInput(tensors, metadata.preparation().anySymbol());
    }

    private Tensor features(TensorSpec spec) {
        int width = Math.max(1, spec.shape().getLast());
        List<@Nullable FeatureBaseline> features = (baseline.features().size() == width) ? baseline.features()
                : List.of();
        int[] at = { 0 };
        return filled(spec, () -> {
            FeatureBaseline feature = features.isEmpty() ? null : features.get(at[0]++ % width);
            return (feature != null) ? drawn(feature.quantiles()) : random.nextGaussian();
        });
    }

    /** As often between two quantiles as between any other two. */
    private double drawn(List<Double> quantiles) {
        int below = random.nextInt(quantiles.size() - 1);
        return quantiles.get(below) + random.nextDouble() * (quantiles.get(below + 1) - quantiles.get(below));
    }

    private ModelInput filled(DoubleSupplier numbers) {
        return new ModelInput(metadata.inputs().stream().map((spec) -> filled(spec, numbers)).toList(),
                metadata.preparation().anySymbol());
    }

    /**
     * Integers are small and not negative, as those that name something; of texts nobody
     * can make up any.
     */
    private Tensor filled(TensorSpec spec, DoubleSupplier numbers) {
        int[] shape = spec.shape().stream().mapToInt((dimension) -> Math.max(1, dimension)).toArray();
        double[] values = new double[spec.elements()];
        boolean names = switch (spec.datatype()) {
            case FP32, FP64, FP16 -> false;
            case INT64, INT32, BOOL -> true;
            case BYTES -> throw new IllegalArgumentException(
                    ("the input '%s' takes texts, which can't be made up to check the model on: " + "add a sample.json")
                        .formatted(spec.name()));
        };
        for (int i = 0; i < values.length; i++) {
            double number = numbers.getAsDouble();
            values[i] = names ? ((number > HALF) ? 1 : 0) : number;
        }
        return Tensor.of(spec.datatype(), shape, values);
    }

    /**
     * An input on which a model is checked before it is served.
     *
     * @param input one sample
     * @param golden whether it is a golden sample, so that the model must answer it
     */
    record Row(ModelInput input, boolean golden) {
    }

}
