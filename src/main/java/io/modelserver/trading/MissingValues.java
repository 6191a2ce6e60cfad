package io.modelserver.trading;

import java.util.List;

import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;

/**
 * Values that callers do not have and send as null; in tensors they are NaN. Only models
 * whose metadata allows it get them.
 */
final class MissingValues {

    private MissingValues() {
    }

    /**
     * Takes the numbers of a request.
     * @param numbers as they came
     * @param model the model that shall look at them
     * @return the numbers
     * @throws InvalidFeaturesException if one is missing that must not be
     */
    static Tensor taken(RequestFeatures.Numbers numbers, ModelMetadata model) throws InvalidFeaturesException {
        if (numbers.firstMissing() >= 0 && !model.missingAllowed()) {
            throw new InvalidFeaturesException(
                    "features[%d] is null, expected a number".formatted(numbers.firstMissing()));
        }
        return numbers.tensor();
    }

    /**
     * Expects that something is there: of a row without any value a model answers what it
     * has learned of gaps, and not of the market.
     * @param features as they came
     * @param field what they are called in messages
     * @throws InvalidFeaturesException if every value is missing
     */
    static void expectSome(Tensor features, String field) throws InvalidFeaturesException {
        if (!features.datatype().isFloating() || features.size() == 0) {
            return;
        }
        for (float value : features.floats()) {
            if (!Float.isNaN(value)) {
                return;
            }
        }
        throw new InvalidFeaturesException(
                "%s: all %d values are null, expected one number at least".formatted(field, features.size()));
    }

    /**
     * Looks for missing values in a window, whose steps may have been sent to another
     * version.
     * @param window shape {@code [T, F]}
     * @param model the model that shall look at it
     * @param request what brought its last step
     * @throws InvalidFeaturesException if a value is missing that must not be
     */
    static void expectNone(Tensor window, ModelMetadata model, PredictionRequest request)
            throws InvalidFeaturesException {
        if (model.missingAllowed()) {
            return;
        }
        float[] values = window.values();
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                throw incomplete(window.shape(), i, model, request);
            }
        }
    }

    private static InvalidFeaturesException incomplete(int[] shape, int position, ModelMetadata model,
            PredictionRequest request) {
        List<String> names = model.featureNames().names();
        int feature = position % shape[1];
        return new InvalidFeaturesException(
                ("step %d of the %d in the window of %s has no value for %s, and values must not be missing for %s: the step "
                        + "was sent for a version that allows it; fill the window again with complete steps, or give this "
                        + "model's steps a window_key of their own")
                    .formatted(position / shape[1] + 1, shape[0], request.series().describe(request.symbol()),
                            names.isEmpty() ? "feature " + feature : names.get(feature), model.id()));
    }

}
