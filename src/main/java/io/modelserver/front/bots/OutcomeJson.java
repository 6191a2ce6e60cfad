package io.modelserver.front.bots;

import java.util.UUID;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One outcome as the document describes it. {@link OutcomeReader} reads it field by
 * field, so that it can say what is wrong with each.
 */
@Schema(name = "Outcome")
record OutcomeJson(UUID predictionId,
        @Schema(minimum = "-1",
                description = "what the price did, as a fraction of it: 0.012 is 1.2 %; up or down at most "
                        + "modelserver.experiment.max-return") double actualReturn,
        @Schema(format = "date-time",
                description = "when the position was closed: after the prediction, and not in the future") @Nullable String closedAt,
        @Schema(minimum = "0",
                description = "what acting on the advice cost, as a fraction of the price: 0.001 is 0.1 %") @Nullable Double fee) {
}
