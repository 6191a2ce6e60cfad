package io.modelserver.signal;

import java.util.Map;

import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A model's answer to one sample; every number but those of the further outputs is
 * finite.
 *
 * @param direction what the model advises, or null if neither its outputs nor a rule in
 * its metadata tells
 * @param confidence in [0, 1]: the model's confidence output, or the probability of
 * {@code direction} if it has none; null if it has neither
 * @param expectedReturn the model's return output as a fraction of the price, or null if
 * it has none
 * @param probabilities the probability of each direction, null if the model gives none
 * @param outputs what else the model returned for the sample, by name, without the batch
 * axis
 * @param consensus how it came about where an ensemble answered, else null
 */
public record Signal(@Nullable Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
        @Nullable Probabilities probabilities, Map<String, Tensor> outputs, @Nullable Consensus consensus) {

    /**
     * Creates the answer of a single model.
     * @param direction what it advises, or null
     * @param confidence how sure it is, in [0, 1], or null
     * @param expectedReturn as a fraction of the price, or null
     * @param probabilities the probability of each direction, or null
     * @param outputs what else it returned, by name
     */
    public Signal(@Nullable Direction direction, @Nullable Float confidence, @Nullable Float expectedReturn,
            @Nullable Probabilities probabilities, Map<String, Tensor> outputs) {
        this(direction, confidence, expectedReturn, probabilities, outputs, null);
    }

    /**
     * Creates the answer of a model that returns nothing else.
     * @param direction what it advises
     * @param confidence how sure it is, in [0, 1]
     * @param expectedReturn as a fraction of the price, or null if it has none
     * @param probabilities the probability of each direction
     */
    public Signal(Direction direction, float confidence, @Nullable Float expectedReturn, Probabilities probabilities) {
        this(direction, confidence, expectedReturn, probabilities, Map.of());
    }

}
