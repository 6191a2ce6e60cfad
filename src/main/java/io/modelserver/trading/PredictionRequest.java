package io.modelserver.trading;

import java.util.Map;

import io.modelserver.serving.Addressee;
import org.jspecify.annotations.Nullable;

/**
 * A request for a prediction.
 *
 * @param symbol the instrument
 * @param features what the model shall look at
 * @param rawLob order book, read only by a model that has an input for it
 * @param modelName the model, or null for the default model
 * @param modelVersion the version or stage, or null for the one in production
 * @param routingKey the unit of an experiment that assigns by key
 * @param experimentId the experiment that shall route the request
 * @param timestamp when a step was observed whose features do not tell
 * @param series tells the series of one symbol apart
 * @param arrays of the request, for inputs that are not plain features
 * @param readNanos how long it took to read it from the body, its numbers included
 */
public record PredictionRequest(String symbol, RequestFeatures features, @Nullable InputArray rawLob,
        @Nullable String modelName, @Nullable String modelVersion, @Nullable String routingKey,
        @Nullable String experimentId, StepTimestamp timestamp, SeriesName series, Arrays arrays, long readNanos) {

    /** A request that does not say which of the symbol's series it belongs to. */
    PredictionRequest(String symbol, RequestFeatures features, @Nullable InputArray rawLob, @Nullable String modelName,
            @Nullable String modelVersion, @Nullable String routingKey, @Nullable String experimentId,
            StepTimestamp timestamp) {
        this(symbol, features, rawLob, modelName, modelVersion, routingKey, experimentId, timestamp, SeriesName.NONE,
                0);
    }

    /**
     * A request without arrays by name, of which features are read as 32-bit floats.
     * @param symbol the instrument
     * @param features what the model shall look at
     * @param rawLob order book, read only by a model that has an input for it
     * @param modelName the model, or null for the default model
     * @param modelVersion the version or stage, or null for the one in production
     * @param routingKey the unit of an experiment that assigns by key
     * @param experimentId the experiment that shall route the request
     * @param timestamp when a step was observed whose features do not tell
     * @param series tells the series of one symbol apart
     * @param readNanos how long it took to read it from the body, its numbers included
     */
    public PredictionRequest(String symbol, RequestFeatures features, @Nullable InputArray rawLob,
            @Nullable String modelName, @Nullable String modelVersion, @Nullable String routingKey,
            @Nullable String experimentId, StepTimestamp timestamp, SeriesName series, long readNanos) {
        this(symbol, features, rawLob, modelName, modelVersion, routingKey, experimentId, timestamp, series,
                Arrays.NONE, readNanos);
    }

    /**
     * The arrays of a request as they were sent.
     *
     * @param features for inputs of other datatypes than {@code FP32}, null if there are
     * none
     * @param named by the names of the model's inputs
     */
    public record Arrays(@Nullable InputArray features, Map<String, InputArray> named) {

        /** None. */
        public static final Arrays NONE = new Arrays(null, Map.of());

    }

    /**
     * {@return who shall answer, and what experiments assign it by}
     */
    public Addressee addressee() {
        return new Addressee(modelName, modelVersion, experimentId, symbol, routingKey);
    }

}
