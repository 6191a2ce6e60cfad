package io.modelserver.route;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A model for some symbols, as it is set; what is wrong with it is told by
 * {@link Routes}, which knows its place in the list.
 *
 * @param symbols exact ones, or beginnings followed by {@code *}
 * @param timeframes the lengths of candles; none for requests of every timeframe, and
 * those that say none
 * @param model the name of the model, which need not be there yet
 */
public record RouteProperties(@DefaultValue List<String> symbols, @DefaultValue List<String> timeframes,
        @Nullable String model) {

    /** Copies the lists. */
    public RouteProperties {
        symbols = List.copyOf(symbols);
        timeframes = List.copyOf(timeframes);
    }

}
