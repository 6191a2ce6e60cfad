package io.modelserver.ledger;

import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What really happened after a prediction.
 *
 * @param predictionId the prediction
 * @param actualReturn what the price did, as a fraction of it
 * @param closedAt when the position was closed, null if nobody said
 */
public record Outcome(UUID predictionId, double actualReturn, @Nullable Instant closedAt) {
}
