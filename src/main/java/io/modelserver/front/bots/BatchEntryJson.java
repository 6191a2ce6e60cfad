package io.modelserver.front.bots;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One entry of a batch's answer. */
@Schema(oneOf = { PredictionJson.class, BatchEntryJson.Failed.class })
public sealed interface BatchEntryJson permits PredictionJson, BatchEntryJson.Failed {

    /**
     * A request of the batch that got no prediction; the symbol is null where it could
     * not be read.
     *
     * @param symbol the instrument
     * @param error why
     */
    @Schema(name = "FailedPrediction")
    record Failed(@Nullable String symbol, Reason error) implements BatchEntryJson {
    }

    /**
     * Why.
     *
     * @param code a code of problems, as its name is written
     * @param status what HTTP would have answered to the request alone
     * @param detail a sentence for the caller
     */
    @Schema(name = "FailureReason")
    record Reason(String code, int status, String detail) {
    }

}
