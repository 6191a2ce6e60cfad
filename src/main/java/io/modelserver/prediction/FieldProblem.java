package io.modelserver.prediction;

/**
 * What is wrong with one field of a request.
 *
 * @param field its path, e.g. {@code features[17]}
 * @param message what was expected and what came
 */
public record FieldProblem(String field, String message) {
}
