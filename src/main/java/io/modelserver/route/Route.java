package io.modelserver.route;

import java.util.List;

/**
 * A model for some symbols.
 *
 * @param setting its name among the settings, e.g. {@code modelserver.routes[0]}
 * @param symbols exact ones, or beginnings followed by {@code *}
 * @param timeframes the lengths of candles; none for all
 * @param model the name of the model
 */
public record Route(String setting, List<String> symbols, List<String> timeframes, String model) {

    /** Copies the lists. */
    public Route {
        symbols = List.copyOf(symbols);
        timeframes = List.copyOf(timeframes);
    }

    /**
     * {@return why a request that names no model goes to this one, for its refusal}
     * @param symbol of the request
     */
    public String reason(String symbol) {
        return "%s sends requests for '%s' that name no model to '%s'".formatted(setting, symbol, model);
    }

}
