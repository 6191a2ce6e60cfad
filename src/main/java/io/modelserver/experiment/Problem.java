package io.modelserver.experiment;

/**
 * What is wrong with one field of an experiment.
 *
 * @param field its path in JSON, e.g. {@code variants[1].traffic}
 * @param message what was expected and what came
 */
public record Problem(String field, String message) {
}
