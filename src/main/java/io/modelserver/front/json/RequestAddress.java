package io.modelserver.front.json;

import org.jspecify.annotations.Nullable;

/**
 * What the address of a request says of its series and its model, which the body need not
 * repeat.
 *
 * @param symbol in the path
 * @param timeframe in the query
 * @param windowKey in the query
 * @param modelName in the query
 * @param modelVersion in the query
 */
public record RequestAddress(@Nullable String symbol, @Nullable String timeframe, @Nullable String windowKey,
        @Nullable String modelName, @Nullable String modelVersion) {

    /**
     * An address that names no model.
     * @param symbol in the path
     * @param timeframe in the query
     * @param windowKey in the query
     */
    public RequestAddress(@Nullable String symbol, @Nullable String timeframe, @Nullable String windowKey) {
        this(symbol, timeframe, windowKey, null, null);
    }

    /** All is in the body. */
    public static final RequestAddress NONE = new RequestAddress(null, null, null);

}
