package io.modelserver.route;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RoutesTest {

    private static final List<String> ALL = List.of();

    @ParameterizedTest
    @CsvSource({ "BTCUSDT, exact", "BTCUSD, long", "BTCUSDC, long", "BTC, short", "BTCEUR, short", "BT, any",
            "ETHUSDT, any" })
    void theMostSpecificSymbolWinsWhereverItStands(String symbol, String model) {
        Routes routes = Routes.of(List.of(route("any", ALL, "*"), route("short", ALL, "BTC*"),
                route("exact", ALL, "BTCUSDT"), route("long", ALL, "BTCUSD*")));

        assertThat(model(routes, symbol, null)).isEqualTo(model);
    }

    @Test
    void whatMatchesNoRouteGoesToTheDefaultModel() {
        Routes routes = Routes.of(List.of(route("m", ALL, "BTC*", "ETHUSDT")));

        assertThat(routes.find("ETHUSDC", null)).isNull();
        assertThat(routes.find("XBTC", "1h")).isNull();
        assertThat(Routes.none().find("BTC", null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "btcusdt", "BTC USDT", "ＢＴＣUSDT", "BTC" })
    void symbolsAreComparedCharacterByCharacter(String symbol) {
        Routes routes = Routes.of(List.of(route("m", ALL, "BTCUSDT", "BTCU*")));

        assertThat(routes.find(symbol, null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = { "コイン/円", "Ω", "\uD83D\uDE80COIN", "SOL/USDT:USDT", "ß" })
    void aSymbolMayBeOfAnyScript(String symbol) {
        Routes routes = Routes
            .of(List.of(route("exact", ALL, symbol), route("prefix", ALL, symbol.substring(0, 1) + "*")));

        assertThat(model(routes, symbol, null)).isEqualTo("exact");
        assertThat(model(routes, symbol + "x", null)).isEqualTo("prefix");
    }

    @ParameterizedTest
    @CsvSource({ "BTCUSDT, 1h, hourly", "BTCUSDT, 60m, hourly", "BTCUSDT, H1, hourly", "BTCUSDT, PT1H, hourly",
            "BTCUSDT, 1m, minutes", "BTCUSDT, 1M, others", "BTCUSDT, ticks, ticks", "BTCUSDT, 4h, others",
            "BTCUSDT, , others" })
    void theTimeframeDecidesAmongRoutesOfOneSymbol(String symbol, @Nullable String timeframe, String model) {
        Routes routes = Routes.of(List.of(route("others", ALL, "BTC*"), route("hourly", List.of("1h"), "BTC*"),
                route("minutes", List.of("1m", "5m"), "BTC*"), route("ticks", List.of("ticks"), "BTC*")));

        assertThat(model(routes, symbol, timeframe)).isEqualTo(model);
    }

    @Test
    void aSymbolWithoutTheTimeframeLeavesTheRequestToTheNextBeginning() {
        Routes routes = Routes.of(List.of(route("exact", List.of("1h"), "BTCUSDT"), route("beginning", ALL, "BTC*")));

        assertThat(model(routes, "BTCUSDT", "1h")).isEqualTo("exact");
        assertThat(model(routes, "BTCUSDT", "4h")).isEqualTo("beginning");
        assertThat(model(routes, "BTCUSDT", null)).isEqualTo("beginning");
    }

    @Test
    void threeHundredModelsAreFoundByTheirSymbols() {
        Routes routes = Routes.of(IntStream.range(0, 300).mapToObj((i) -> route("m" + i, ALL, "S" + i)).toList());

        assertThat(IntStream.range(0, 300))
            .allSatisfy((i) -> assertThat(model(routes, "S" + i, "1m")).isEqualTo("m" + i));
    }

    @ParameterizedTest
    @ValueSource(strings = { "B*C", "*USDT", "**", " ", "BTC**" })
    void aPatternThatIsNotUnderstoodIsRefused(String symbol) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Routes.of(List.of(route("m", ALL, "A"), route("m", ALL, symbol))))
            .withMessageContainingAll("modelserver.routes[1].symbols", "BTC*", "'" + symbol + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "0m", "-1h", " " })
    void aTimeframeThatIsNoneIsRefused(String timeframe) {
        assertThatIllegalArgumentException().isThrownBy(() -> Routes.of(List.of(route("m", List.of(timeframe), "BTC"))))
            .withMessageContainingAll("modelserver.routes[0].timeframes", "'" + timeframe + "'");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatIllegalArgumentException().isThrownBy(() -> Routes.of(List.of(route("m", ALL))))
            .withMessageContaining("modelserver.routes[0].symbols is missing");
        assertThatIllegalArgumentException().isThrownBy(() -> Routes.of(List.of(route(null, ALL, "BTC"))))
            .withMessageContaining("modelserver.routes[0].model is missing");
    }

    @Test
    void twoRoutesForTheSameAreRefused() {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Routes.of(List.of(route("a", ALL, "BTC*"), route("b", ALL, "ETH", "BTC*"))))
            .withMessageContainingAll("modelserver.routes[0]", "modelserver.routes[1]", "'BTC*'");
        assertThatIllegalArgumentException()
            .isThrownBy(
                    () -> Routes.of(List.of(route("a", List.of("1m", "1h"), "BTC"), route("b", List.of("60m"), "BTC"))))
            .withMessageContainingAll("modelserver.routes[0]", "modelserver.routes[1]", "'BTC'", "timeframe 1h");
    }

    @Test
    void oneRouteMaySayTheSameTwice() {
        assertThat(model(Routes.of(List.of(route("m", List.of("60m", "1h"), "BTC", "BTC"))), "BTC", "1h"))
            .isEqualTo("m");
    }

    @Test
    void eachModelThatIsNotServedIsToldOnce() {
        Routes routes = Routes.of(List.of(route("there", ALL, "A"), route("missing", ALL, "B*", "C"),
                route("missing", ALL, "D"), route("late", ALL, "E")));

        assertThat(new UnservedRoutes(routes, Map.of("there", true)::containsKey).find()).satisfiesExactly(
                (first) -> assertThat(first).contains("modelserver.routes[1]", "B*, C", "'missing'"),
                (second) -> assertThat(second).contains("modelserver.routes[3]", "'late'"));
    }

    private static RouteProperties route(@Nullable String model, List<String> timeframes, String... symbols) {
        return new RouteProperties(Arrays.asList(symbols), timeframes, model);
    }

    private static @Nullable String model(Routes routes, String symbol, @Nullable String timeframe) {
        Route route = routes.find(symbol, timeframe);
        return (route != null) ? route.model() : null;
    }

}
