package io.modelserver.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

import io.modelserver.window.Timeframe;
import org.jspecify.annotations.Nullable;

/**
 * Finds the model of a request that names none. Of the routes that match its symbol the
 * most specific one wins, wherever it stands in the list: an exact symbol before the
 * longest beginning, and {@code *} last. Of those for one symbol or beginning, the one
 * with the request's timeframe comes before the one for all; where there is neither, the
 * next beginning is tried.
 * <p>
 * A look-up is one in a map for the symbol, and one for each length that beginnings have,
 * however many routes there are. Symbols are compared character by character, timeframes
 * by what they stand for: {@code 60m} is {@code 1h}.
 */
public final class Routes {

    private static final String ANY = "*";

    private final List<Route> all;

    private final Map<String, Targets> exact = new HashMap<>();

    /** By the length of the beginning, the longest first. */
    private final Map<Integer, Map<String, Targets>> beginnings = new TreeMap<>(Comparator.reverseOrder());

    private Routes(List<Route> all) {
        this.all = List.copyOf(all);
        this.all.forEach((route) -> route.symbols().forEach((symbol) -> add(symbol, route)));
    }

    /**
     * {@return routes that match nothing}
     */
    public static Routes none() {
        return new Routes(List.of());
    }

    /**
     * Reads the settings.
     * @param settings in the order in which they are numbered
     * @return the routes
     * @throws IllegalArgumentException if one of them makes no sense or says the same as
     * another; the message says which and what to do
     */
    public static Routes of(List<RouteProperties> settings) {
        List<Route> routes = new ArrayList<>(settings.size());
        for (int i = 0; i < settings.size(); i++) {
            routes.add(route("modelserver.routes[%d]".formatted(i), settings.get(i)));
        }
        return new Routes(routes);
    }

    private static Route route(String setting, RouteProperties properties) {
        String model = properties.model();
        if (model == null || model.isBlank()) {
            throw new IllegalArgumentException("%s.model is missing: name the model that answers".formatted(setting));
        }
        if (properties.symbols().isEmpty()) {
            throw new IllegalArgumentException(
                    "%s.symbols is missing: list symbols such as BTCUSDT or BTC*, or * for all".formatted(setting));
        }
        for (String symbol : properties.symbols()) {
            int star = symbol.indexOf(ANY);
            if (symbol.isBlank() || (star >= 0 && star < symbol.length() - 1)) {
                throw new IllegalArgumentException(
                        "%s.symbols: expected a symbol such as BTCUSDT, or its beginning and one * such as BTC*, got '%s'"
                            .formatted(setting, symbol));
            }
        }
        for (String timeframe : properties.timeframes()) {
            if (timeframe.isBlank() || Timeframe.isImpossible(timeframe)) {
                throw new IllegalArgumentException(
                        "%s.timeframes: expected lengths of candles such as 1m or 4h, got '%s'".formatted(setting,
                                timeframe));
            }
        }
        return new Route(setting, properties.symbols(), properties.timeframes(), model);
    }

    private void add(String symbol, Route route) {
        Map<String, Targets> same = exact;
        String key = symbol;
        if (symbol.endsWith(ANY)) {
            key = symbol.substring(0, symbol.length() - ANY.length());
            same = beginnings.computeIfAbsent(key.length(), (length) -> new HashMap<>());
        }
        Route other = same.computeIfAbsent(key, (unknown) -> new Targets()).add(route);
        if (other != null) {
            throw new IllegalArgumentException(
                    "%s and %s are both for symbol '%s'%s: remove it from one of them, or give them different timeframes"
                        .formatted(other.setting(), route.setting(), symbol,
                                route.timeframes().isEmpty() ? "" : " and timeframe " + shared(other, route)));
        }
    }

    private static String shared(Route one, Route other) {
        return one.timeframes()
            .stream()
            .filter((timeframe) -> other.timeframes().stream().anyMatch((same) -> key(same).equals(key(timeframe))))
            .findFirst()
            .orElseThrow();
    }

    /** What a timeframe stands for, or else the text itself. */
    private static Object key(String timeframe) {
        OptionalLong millis = Timeframe.millis(timeframe);
        return millis.isPresent() ? millis.getAsLong() : timeframe;
    }

    /**
     * Finds the route of a request that names no model.
     * @param symbol the instrument
     * @param timeframe length of a candle, or null if the request says none
     * @return the route, null if the default model answers
     */
    public @Nullable Route find(String symbol, @Nullable String timeframe) {
        Targets own = exact.get(symbol);
        Route found = (own != null) ? own.find(timeframe) : null;
        if (found != null || beginnings.isEmpty()) {
            return found;
        }
        for (Map.Entry<Integer, Map<String, Targets>> same : beginnings.entrySet()) {
            int length = same.getKey();
            Targets targets = (length <= symbol.length()) ? same.getValue().get(symbol.substring(0, length)) : null;
            found = (targets != null) ? targets.find(timeframe) : null;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /**
     * {@return all routes, in the order of the settings}
     */
    public List<Route> all() {
        return all;
    }

    /** The routes of one symbol or beginning, by timeframe. */
    private static final class Targets {

        private final Map<Object, Route> byTimeframe = new HashMap<>();

        private @Nullable Route any;

        /**
         * {@return another route that is there already, null if there is none}
         */
        @Nullable Route add(Route route) {
            if (route.timeframes().isEmpty()) {
                Route before = any;
                any = route;
                return route.equals(before) ? null : before;
            }
            for (String timeframe : route.timeframes()) {
                Route before = byTimeframe.put(key(timeframe), route);
                if (before != null && !before.equals(route)) {
                    return before;
                }
            }
            return null;
        }

        @Nullable Route find(@Nullable String timeframe) {
            Route found = (timeframe != null && !byTimeframe.isEmpty()) ? byTimeframe.get(key(timeframe)) : null;
            return (found != null) ? found : any;
        }

    }

}
