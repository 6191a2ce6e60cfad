package io.modelserver.prediction;

import io.modelserver.inference.Tensor;

/** The features of a request, as far as they can be read without knowing the model. */
public sealed interface RequestFeatures {

    /**
     * Numbers by position: flat, or nested arrays of a regular shape.
     *
     * @param tensor the numbers, all finite, and the shape in which they came
     */
    record Numbers(Tensor tensor) implements RequestFeatures {
    }

    /**
     * An object of named features, or a list of such objects; read when the model is
     * known.
     *
     * @param json the value
     * @param sequence whether it is a list
     */
    record Named(JsonSlice json, boolean sequence) implements RequestFeatures {
    }

    /**
     * Something else.
     *
     * @param reason what was expected and what came
     */
    record Unusable(String reason) implements RequestFeatures {
    }

}
