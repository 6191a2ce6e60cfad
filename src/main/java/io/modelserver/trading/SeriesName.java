package io.modelserver.trading;

import io.modelserver.model.ModelMetadata;
import io.modelserver.window.SeriesKey;
import io.modelserver.window.WindowSchema;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of the series that its step belongs to.
 *
 * @param timeframe length of a candle, e.g. {@code 4h}; null for that of the model
 * @param windowKey what else the caller tells its series apart by, or null
 */
public record SeriesName(@Nullable String timeframe, @Nullable String windowKey) {

    /** Nothing. */
    public static final SeriesName NONE = new SeriesName(null, null);

    /**
     * {@return the series in problems, with all that the caller said of it}
     * @param symbol the instrument
     */
    public String describe(String symbol) {
        return SeriesKey.describe(symbol, timeframe, windowKey);
    }

    SeriesKey key(String symbol, ModelMetadata model, WindowSchema schema) {
        return new SeriesKey(symbol, (timeframe != null) ? timeframe : model.timeframe(), windowKey, schema);
    }

}
