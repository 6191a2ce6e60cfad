package io.modelserver.front.bots;

import java.util.List;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that fills a window, as the document describes it. It is read as a prediction
 * is, by {@link RequestFields}, which makes no such object of it.
 */
@Schema(name = "History")
record HistoryJson(@Schema(types = {
        "array", "object" },
        description = "a list of steps: arrays of numbers, or named features") @Nullable Object features,
        @Schema(description = "in their place, a list of order books, for models that look at several") @Nullable List<Object> rawLob,
        @Schema(maxLength = 256) @Nullable String modelName, @Schema(maxLength = 256) @Nullable String modelVersion){
}
