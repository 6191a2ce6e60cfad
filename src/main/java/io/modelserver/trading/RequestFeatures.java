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
     * @param tensor the numbers, all finite, and the shape in which they came
     */
    public record Numbers(Tensor tensor) implements RequestFeatures {
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
         * @return at least one step, in the order in which they came, each with a number
         * for every name
         * @throws InvalidFeaturesException if a feature is missing or is not a finite
         * number
         */
        List<TimedStep> read(FeatureNames names) throws InvalidFeaturesException;

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
