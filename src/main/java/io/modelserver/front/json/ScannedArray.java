package io.modelserver.front.json;

import io.modelserver.model.Tensor;

/**
 * An array of numbers within a request's bytes.
 *
 * @param tensor the numbers, all finite, and the shape in which they came; NaN for null
 * @param firstNull the position of the first null among them, -1 if there is none
 * @param start index of the opening bracket
 * @param end index after the closing bracket
 */
record ScannedArray(Tensor tensor, int firstNull, int start, int end) {
}
