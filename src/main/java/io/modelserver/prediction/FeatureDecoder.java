package io.modelserver.prediction;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.inference.ModelInput;
import io.modelserver.inference.ModelMetadata;
import io.modelserver.inference.Tensor;
import io.modelserver.inference.TensorSpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Turns a request's features into the input of one model. */
final class FeatureDecoder {

    private static final String FEATURES = "features";

    private final ModelMetadata metadata;

    FeatureDecoder(ModelMetadata metadata) {
        this.metadata = metadata;
    }

    ModelInput decode(PredictionRequest request) throws InvalidFeaturesException {
        Tensor features = fit(metadata.features(), switch (request.features()) {
            case RequestFeatures.Numbers(Tensor tensor) -> tensor;
            case RequestFeatures.Named(JsonSlice json, boolean sequence) -> readNamed(json, sequence);
            case RequestFeatures.Unusable(String reason) -> throw new InvalidFeaturesException(reason);
        });
        if (metadata.rawLob().isEmpty()) {
            return new ModelInput(List.of(features));
        }
        return new ModelInput(List.of(features, readRawLob(metadata.rawLob().get(), request.rawLob())));
    }

    /**
     * Flat numbers take the shape of the input; a single free dimension is what the count
     * makes it.
     */
    private Tensor fit(TensorSpec spec, Tensor tensor) throws InvalidFeaturesException {
        int[] shape = tensor.shape();
        if (spec.accepts(shape) && tensor.values().length > 0) {
            return tensor;
        }
        if (shape.length != 1) {
            throw new InvalidFeaturesException("features have the shape %s, expected %s or %s"
                .formatted(Arrays.toString(shape), spec.shape(), counted(spec)));
        }
        int count = tensor.values().length;
        int[] target = spec.shape().stream().mapToInt(Integer::intValue).toArray();
        long free = spec.shape().stream().filter((dimension) -> dimension == TensorSpec.FREE).count();
        boolean fits = count > 0
                && ((free == 0) ? count == spec.elements() : free == 1 && count % spec.elements() == 0);
        if (!fits) {
            throw new InvalidFeaturesException("features have %d numbers, expected %s for the shape %s".formatted(count,
                    counted(spec), spec.shape()));
        }
        for (int axis = 0; axis < target.length; axis++) {
            target[axis] = (target[axis] == TensorSpec.FREE) ? count / spec.elements() : target[axis];
        }
        return new Tensor(target, tensor.values());
    }

    private static String counted(TensorSpec spec) {
        return (spec.isFixed() ? "%d flat numbers" : "a multiple of %d flat numbers").formatted(spec.elements());
    }

    private Tensor readNamed(JsonSlice json, boolean sequence) throws InvalidFeaturesException {
        List<float[]> steps = new ArrayList<>();
        try (JsonParser parser = json.parser()) {
            JsonToken token = parser.nextToken();
            if (!sequence) {
                steps.add(readStep(parser, FEATURES));
            }
            else {
                for (token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                    String field = "%s[%d]".formatted(FEATURES, steps.size());
                    if (token != JsonToken.START_OBJECT) {
                        throw new InvalidFeaturesException("%s is %s, expected an object of named features"
                            .formatted(field, JsonTokens.name(token)));
                    }
                    steps.add(readStep(parser, field));
                }
            }
        }
        return stack(steps, sequence);
    }

    private float[] readStep(JsonParser parser, String field) throws InvalidFeaturesException {
        return metadata.featureNames().names().isEmpty() ? new UnnamedStepReader().read(parser, field)
                : new NamedStepReader(metadata.featureNames()).read(parser, field);
    }

    private Tensor stack(List<float[]> steps, boolean sequence) throws InvalidFeaturesException {
        int width = steps.getFirst().length;
        float[] values = new float[Math.multiplyExact(steps.size(), width)];
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).length != width) {
                throw new InvalidFeaturesException(
                        "features[%d] has %d numbers, features[0] has %d".formatted(i, steps.get(i).length, width));
            }
            System.arraycopy(steps.get(i), 0, values, i * width, width);
        }
        boolean oneStep = !sequence && metadata.features().shape().size() == 1;
        return new Tensor(oneStep ? new int[] { width } : new int[] { steps.size(), width }, values);
    }

    private static Tensor readRawLob(TensorSpec spec, @Nullable JsonSlice json) throws InvalidFeaturesException {
        if (json == null) {
            throw new InvalidFeaturesException("this model needs raw_lob of the shape " + spec.shape());
        }
        try (JsonParser parser = json.parser()) {
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_ARRAY) {
                throw new InvalidFeaturesException("raw_lob is %s, expected an array of the shape %s"
                    .formatted(JsonTokens.name(token), spec.shape()));
            }
            Tensor tensor = new NumberArrayReader(ModelMetadata.RAW_LOB).read(parser);
            if (!spec.accepts(tensor.shape()) || tensor.values().length == 0) {
                throw new InvalidFeaturesException("raw_lob has the shape %s, expected %s"
                    .formatted(Arrays.toString(tensor.shape()), spec.shape()));
            }
            return tensor;
        }
    }

}
