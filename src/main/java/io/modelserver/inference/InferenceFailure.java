package io.modelserver.inference;

/**
 * The model failed on one sample.
 *
 * @param reason a sentence for the caller: no path, no stack trace
 */
public record InferenceFailure(String reason) implements InferenceResult {
}
