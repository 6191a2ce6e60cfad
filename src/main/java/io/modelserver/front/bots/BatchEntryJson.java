package io.modelserver.front.bots;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One entry of a batch's answer. */
@Schema(oneOf = { PredictionJson.class, BatchEntryJson.Failed.class })
public sealed interface BatchEntryJson permits PredictionJson, BatchEntryJson.Failed {

    /**
     * A request of the batch that got no prediction; the symbol is null where it could
     * not be read.
     */
    @Schema(name = "FailedPrediction")
    record Failed(@Nullable String symbol, Reason error) implements BatchEntryJson {
    }

    /** Why. */
    @Schema(name = "FailureReason")
    record Reason(String code, int status, String detail) {
    }

}
