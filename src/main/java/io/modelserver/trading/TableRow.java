package io.modelserver.trading;

import java.util.List;

import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;

/**
 * The row that a tabular model looks at: {@code [F]} or {@code [1, F]}, in place of a
 * window of steps. A request is one prediction, so it holds one row; of several, none is
 * chosen.
 */
final class TableRow {

    private static final String BATCH = "a request is one prediction: send a request for each row, all of them at once to "
            + "/api/ml/predict/batch";

    private TableRow() {
    }

    /**
     * {@return whether a model with this input looks at one row}
     * @param spec the input that takes the features
     */
    static boolean isTakenBy(TensorSpec spec) {
        List<Integer> shape = spec.shape();
        return shape.size() == 1 || (shape.size() == 2 && shape.getFirst() == 1);
    }

    /**
     * Takes the only row out of a list of rows.
     * @param spec the input that takes the features
     * @param features as they came
     * @return the row without the list, or the features as they came if they are no list
     * of rows, or the model looks at something else than a row
     * @throws InvalidFeaturesException if there are several rows
     */
    static Tensor of(TensorSpec spec, Tensor features) throws InvalidFeaturesException {
        if (!isTakenBy(spec)) {
            return features;
        }
        int[] shape = features.shape();
        int width = spec.shape().getLast();
        if (shape.length == 1 && width > 0 && shape[0] > width && shape[0] % width == 0) {
            throw new InvalidFeaturesException("features have %d numbers, expected %d, and %s".formatted(shape[0],
                    width, "%d numbers are %d rows: %s".formatted(shape[0], shape[0] / width, BATCH)));
        }
        if (shape.length != 2) {
            return features;
        }
        if (shape[0] > 1) {
            throw new InvalidFeaturesException("features hold %d rows, but this model looks at one row%s, and %s"
                .formatted(shape[0], (width > 0) ? " of %d numbers".formatted(width) : "", BATCH));
        }
        return (spec.shape().size() == 1) ? features.withShape(shape[1]) : features;
    }

    /**
     * {@return why a model that looks at one row has no window of steps}
     * @param spec the input that takes the features
     */
    static String withoutWindow(TensorSpec spec) {
        int width = spec.shape().getLast();
        return "the model looks at one row%s and has no window of steps: there is nothing to fill; send each row to /api/ml/predict"
            .formatted((width > 0) ? " of %d numbers".formatted(width) : "");
    }

}
