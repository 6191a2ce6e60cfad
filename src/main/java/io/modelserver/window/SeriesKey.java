package io.modelserver.window;

import org.jspecify.annotations.Nullable;

/**
 * Which series a step belongs to. Two bots that feed one symbol with candles of different
 * lengths, or with different features, are distinguished by it.
 *
 * @param symbol the instrument
 * @param timeframe length of a candle as the caller or the model's metadata writes it,
 * e.g. {@code 4h}; null where neither says
 * @param windowKey what else distinguishes the caller's series, or null
 * @param schema what a window holds
 */
public record SeriesKey(String symbol, @Nullable String timeframe, @Nullable String windowKey, WindowSchema schema) {

    /**
     * Whether this is a series of a symbol that a caller asks for.
     * @param ofSymbol the symbol
     * @param ofTimeframe its timeframe, null for any
     * @param ofWindowKey its key, null for any
     * @return whether all that is given is the same
     */
    boolean matches(String ofSymbol, @Nullable String ofTimeframe, @Nullable String ofWindowKey) {
        return symbol.equals(ofSymbol) && (ofTimeframe == null || ofTimeframe.equals(timeframe))
                && (ofWindowKey == null || ofWindowKey.equals(windowKey));
    }

    /**
     * Drops the window of the series, if it has one.
     * @param store where it is
     */
    public void dropFrom(WindowStore store) {
        RollingWindow window = store.windows().get(this);
        if (window != null) {
            store.remove(this, window);
        }
    }

    /**
     * {@return the series as logs and problems name it, e.g. {@code 'BTCUSDT' 1h}}
     */
    public String describe() {
        return describe(symbol, timeframe, windowKey);
    }

    /**
     * Names a series.
     * @param symbol the instrument
     * @param timeframe length of a candle, null where it is not said
     * @param windowKey what else distinguishes it, or null
     * @return e.g. {@code 'BTCUSDT' 1h (window_key 'scaled')}
     */
    public static String describe(String symbol, @Nullable String timeframe, @Nullable String windowKey) {
        return "'%s'%s%s".formatted(symbol, (timeframe != null) ? " " + timeframe : "",
                (windowKey != null) ? " (window_key '" + windowKey + "')" : "");
    }

}
