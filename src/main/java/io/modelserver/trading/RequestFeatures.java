package io.modelserver.trading;

import java.util.List;

import io.modelserver.model.FeatureNames;
import io.modelserver.model.Tensor;
import io.modelserver.serving.FieldProblem;

/** The features of a request, as far as they can be read without knowing the model. */
public sealed interface RequestFeatures {

    /**
     * Numbers by position: flat, or nested arrays of a regular shape.
     *
     * @param tensor the numbers, all finite, and the shape in which they came; NaN where
     * a value is missing
     * @param firstMissing the position of the first value that is missing, -1 if none is
     */
    public record Numbers(Tensor tensor, int firstMissing) implements RequestFeatures {

        /**
         * Numbers that are all there.
         * @param tensor the numbers, all finite, and the shape in which they came
         */
        public Numbers(Tensor tensor) {
            this(tensor, -1);
        }

    }

    /**
     * Features by name, of one time step or of a list of them; read when the model is
     * known.
     */
    non-sealed interface Named extends RequestFeatures {

        /**
         * {@return whether it is a list of steps}
         */
        boolean isSequence();

        /**
         * Reads the steps.
         * @param names the names that the model gives its features; none if it gives them
         * none
         * @param nullable whether a feature's value may be null
         * @return at least one step, in the order in which they came, each with a number
         * for every name, NaN for null
         * @throws InvalidFeaturesException if a feature is missing or is not a finite
         * number
         */
        List<TimedStep> read(FeatureNames names, boolean nullable) throws InvalidFeaturesException;

    }

    /**
     * Something else.
     *
     * @param reason what was expected and what came
     */
    record Unusable(String reason) implements RequestFeatures {
    }

    /** None, as of a request for a model that looks at order books only. */
    record Absent() implements RequestFeatures {

        /** What is expected of features, in problems. */
        public static final String EXPECTED = "expected an array of numbers or an object of named features";

        InvalidFeaturesException problem() {
            return new InvalidFeaturesException("the request has no features, which this model needs",
                    List.of(new FieldProblem("features", "required: " + EXPECTED)));
        }

    }

}
