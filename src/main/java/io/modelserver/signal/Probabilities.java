package io.modelserver.signal;

/**
 * The softmax of a model's logits, or its probabilities as they are; a class that the
 * model does not know has probability 0.
 *
 * @param sell probability of {@link Direction#SELL}
 * @param hold probability of {@link Direction#HOLD}
 * @param buy probability of {@link Direction#BUY}
 */
public record Probabilities(float sell, float hold, float buy) {
}
