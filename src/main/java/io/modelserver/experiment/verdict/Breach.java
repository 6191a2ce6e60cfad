package io.modelserver.experiment.verdict;

import io.modelserver.experiment.assign.Guardrail;

/**
 * A limit that a treatment is sure to be beyond.
 *
 * @param variant the treatment
 * @param guardrail which limit
 * @param reason a sentence with the numbers
 */
public record Breach(String variant, Guardrail guardrail, String reason) {
}
