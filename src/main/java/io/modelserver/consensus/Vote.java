package io.modelserver.consensus;

import java.util.Objects;

import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;

/**
 * What a member of an ensemble said, and what that counts.
 *
 * @param member its name within the ensemble
 * @param version the version that answered
 * @param weight greater than 0; weights need not sum to 1
 * @param signal what it said; it has a direction
 */
public record Vote(String member, ModelId version, double weight, Signal signal) {

    /** Expects a direction. */
    public Vote {
        Objects.requireNonNull(signal.direction());
    }

    Direction direction() {
        return Objects.requireNonNull(signal.direction());
    }

    /** A member that does not tell how sure it is can't lead, and reaches no limit. */
    double confidenceOrZero() {
        Float confidence = signal.confidence();
        return (confidence != null) ? confidence : 0;
    }

    /**
     * {@return the probability of a direction; a member that gives none has its
     * confidence for its own direction, all of it where it gives that neither, and the
     * rest in equal parts}
     */
    double probability(Direction direction) {
        Probabilities probabilities = signal.probabilities();
        if (probabilities != null) {
            return switch (direction) {
                case SELL -> probabilities.sell();
                case HOLD -> probabilities.hold();
                case BUY -> probabilities.buy();
            };
        }
        Float confidence = signal.confidence();
        double own = (confidence != null) ? confidence : 1;
        return (direction == direction()) ? own : (1 - own) / (Direction.values().length - 1);
    }

}
