package io.modelserver.trading;

import io.modelserver.serving.Addressee;
import org.jspecify.annotations.Nullable;

/**
 * A request for a prediction.
 *
 * @param symbol the instrument
 * @param features what the model shall look at
 * @param rawLob order-book levels, read only by a model that has an input for them
 * @param modelName the model, or null for the default model
 * @param modelVersion the version or stage, or null for the one in production
 * @param routingKey the unit of an experiment that assigns by key
 * @param experimentId the experiment that shall route the request
 * @param timestamp when a step was observed whose features do not tell
 * @param series tells the series of one symbol apart
 * @param readNanos how long it took to read it from the body, its numbers included
 */
public record PredictionRequest(String symbol, RequestFeatures features, @Nullable OrderBook rawLob,
        @Nullable String modelName, @Nullable String modelVersion, @Nullable String routingKey,
        @Nullable String experimentId, StepTimestamp timestamp, SeriesName series, long readNanos) {

    /** A request that does not say which of the symbol's series it belongs to. */
    PredictionRequest(String symbol, RequestFeatures features, @Nullable OrderBook rawLob, @Nullable String modelName,
            @Nullable String modelVersion, @Nullable String routingKey, @Nullable String experimentId,
            StepTimestamp timestamp) {
        this(symbol, features, rawLob, modelName, modelVersion, routingKey, experimentId, timestamp, SeriesName.NONE,
                0);
    }

    /**
     * {@return who shall answer, and what experiments assign it by}
     */
    public Addressee addressee() {
        return new Addressee(modelName, modelVersion, experimentId, symbol, routingKey);
    }

}
