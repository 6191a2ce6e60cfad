package io.modelserver.web;

import org.jspecify.annotations.Nullable;

/** One entry of a batch's answer. */
sealed interface BatchEntryJson permits PredictionJson, BatchEntryJson.Failed {

    /**
     * A request of the batch that got no prediction; the symbol is null where it could
     * not be read.
     */
    record Failed(@Nullable String symbol, Reason error) implements BatchEntryJson {
    }

    /** Why. */
    record Reason(String code, int status, String detail) {
    }

}
