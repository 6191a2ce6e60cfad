package io.modelserver.front.json;

import org.jspecify.annotations.Nullable;

/**
 * What the address of a request says of its series, which the body need not repeat.
 *
 * @param symbol in the path
 * @param timeframe in the query
 * @param windowKey in the query
 */
public record RequestAddress(@Nullable String symbol, @Nullable String timeframe, @Nullable String windowKey) {

    /** All is in the body. */
    public static final RequestAddress NONE = new RequestAddress(null, null, null);

}
