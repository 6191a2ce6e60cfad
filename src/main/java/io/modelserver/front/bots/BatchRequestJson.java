package io.modelserver.front.bots;

import java.util.List;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a batch as the document describes it. {@link BatchRequestReader} cuts the
 * body into its requests and makes no such object of it.
 */
@Schema(name = "BatchRequest")
record BatchRequestJson(List<PredictionRequestJson> requests, @Schema(minimum = "1",
        description = "the most that go through the model at once") @Nullable Integer maxBatchSize) {
}
