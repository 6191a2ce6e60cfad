package io.modelserver.signal;

import org.jspecify.annotations.Nullable;

/**
 * A model's answer to one sample; every number is finite.
 *
 * @param direction the class of the greatest score
 * @param confidence in [0, 1]: the model's confidence output, or the probability of
 * {@code direction} if it has none
 * @param expectedReturn the model's return output as a fraction of the price, or null if
 * it has none
 * @param probabilities the probability of each direction
 */
public record Signal(Direction direction, float confidence, @Nullable Float expectedReturn,
        Probabilities probabilities) {
}
