package io.modelserver.trading;

import java.util.List;

import io.modelserver.model.FeatureNames;
import io.modelserver.model.Tensor;

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

}
