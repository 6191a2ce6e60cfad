package io.modelserver.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What really happened after a prediction.
 *
 * @param predictionId the prediction
 * @param actualReturn what the price did, as a fraction of it
 * @param closedAt when the position was closed, null if not given
 * @param fee what acting on the advice cost, as a fraction of the price, null if not
 * given
 */
public record Outcome(UUID predictionId, double actualReturn, @Nullable Instant closedAt, @Nullable Double fee) {

    /** Databases keep milliseconds. */
    public Outcome {
        closedAt = (closedAt != null) ? closedAt.truncatedTo(ChronoUnit.MILLIS) : null;
    }

    /** A value that is not given contradicts nothing. */
    boolean contradicts(Outcome stored) {
        return actualReturn != stored.actualReturn || (closedAt != null && !closedAt.equals(stored.closedAt))
                || (fee != null && !fee.equals(stored.fee));
    }

}
