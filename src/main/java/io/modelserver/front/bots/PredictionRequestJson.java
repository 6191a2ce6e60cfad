package io.modelserver.front.bots;

import java.util.List;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body of a prediction as the document describes it. The body is read field by field,
 * by {@link RequestFields}, which makes no such object of it.
 */
@Schema(name = "PredictionRequest")
record PredictionRequestJson(
        @Schema(minLength = 1, maxLength = 128,
                description = "the instrument: printable characters of any script") String symbol,
        @Schema(types = {
                "array", "object" },
                description = "a flat array in row-major order, a nested array of exactly the input shape, an object of "
                        + "named features (one time step), or a list of such objects; null for a value that is missing, where the "
                        + "model allows it; needed by all models but those that look at order books only") @Nullable Object features,
        @Schema(types = { "number", "string" },
                description = "when a step without a time of its own was observed: milliseconds since 1970, ISO-8601, "
                        + "or seconds of ten digits") @Nullable Object timestamp,
        @Schema(minLength = 1, maxLength = 16,
                description = "length of a candle, e.g. `1m` or `4h`: tells the symbol's series apart, and is the "
                        + "period of its window; default: the model's own, else learned from the steps") @Nullable String timeframe,
        @Schema(minLength = 1, maxLength = 64,
                description = "what else tells two series of one symbol apart") @Nullable String windowKey,
        @Schema(description = "the order book, for models that have such an input: [asks, bids], each a list of "
                + "[price, quantity], the best level first; or rows of four numbers in the model's own order; one book, "
                + "which is a step of the symbol's window, or a list of as many as the model looks at",
                example = "[[[44651.0, 1.5], [44651.5, 2.0]], [[44650.5, 0.7], [44650.0, 1.2]]]") @Nullable List<List<Object>> rawLob,
        @Schema(types = { "object", "null" },
                description = "arrays by the names of the model's inputs, for models of several: flat or nested numbers, truth "
                        + "values or strings, as each input declares",
                example = "{\"mask\": [true, false]}") @Nullable Object inputs,
        @Schema(maxLength = 256, description = "default: the configured default model") @Nullable String modelName,
        @Schema(maxLength = 256,
                description = "absent, null, `latest` or `production`: the version in PRODUCTION; `staging`; or an exact "
                        + "version") @Nullable String modelVersion,
        @Schema(maxLength = 256, description = "the unit of an A/B assignment by key") @Nullable String routingKey,
        @Schema(maxLength = 256, description = "asks for that experiment's routing") @Nullable String experimentId){
}
