package io.modelserver.experiment.assign;

/**
 * What is wrong with one field of an experiment.
 *
 * @param field its path in JSON, e.g. {@code variants[1].traffic}
 * @param message what was expected and what came
 */
public record BrokenRule(String field, String message) {
}
