package io.modelserver.contract;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Windows of series of every kind, as bots feed them. */
@ExtendWith(SharedServer.class)
class WindowsIT extends FaultTest {

    private static final int NEED = 60;

    private static final long MINUTE = 60_000;

    private static final long HOUR = 60 * MINUTE;

    private static final long DAY = 24 * HOUR;

    private static final long START = 1_763_148_600_000L;

    private final List<JsonNode> market = market();

    @ParameterizedTest
    @ValueSource(longs = { 1000, 15 * MINUTE, HOUR, 4 * HOUR, DAY })
    void theSixtiethCandleIsAnsweredWhateverItsPeriod(long period) {
        String symbol = "STEPS" + period;
        for (int i = 0; i < NEED - 1; i++) {
            assertThat(step(symbol, i, START + i * period, "")).isProblem(409, "WINDOW_FILLING");
        }

        Answer sixtieth = step(symbol, NEED - 1, START + (NEED - 1) * period, "");

        assertThat(sixtieth).hasStatus(200);
        assertThat(sixtieth.json().at("/window_filled").asDouble()).isEqualTo(1);
        assertThat(sixtieth.json().at("/window_gaps").asInt(-1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = { 15 * MINUTE, HOUR, 4 * HOUR, DAY })
    void aHistoryOfSixtyCandlesFillsAWindowWhateverItsPeriod(long period) {
        Answer filled = put("PUT" + period, history(NEED, period), "");

        assertThat(filled).hasStatus(200);
        assertThat(filled.json().at("/have").asInt()).isEqualTo(NEED);
        assertThat(filled.json().at("/dropped").asInt(-1)).isZero();
        assertThat(filled.json().at("/period").asDouble()).isEqualTo(period / 1e3);
        assertThat(step("PUT" + period, 0, START + NEED * period, "")).hasStatus(200);
    }

    @Test
    void aHistoryThatHasMoreThanTheWindowHoldsSaysSo() {
        Answer filled = put("LONG", history(NEED + 6, HOUR), "");

        assertThat(filled.json().at("/dropped").asInt()).isEqualTo(6);
        assertThat(filled.json().at("/dropped_reason").asString()).isEqualTo("6 are more than the window holds");
    }

    @Test
    void missingCandlesAreToldAndALongSilenceRestarts() {
        put("GAPS", history(NEED, HOUR), "");

        Answer gap = step("GAPS", 1, START + (NEED + 2) * HOUR, "");
        assertThat(gap.json().at("/window_gaps").asInt()).isEqualTo(2);
        assertThat(gap.json().at("/window_filled").asDouble()).isLessThan(1);
        Answer restarted = step("GAPS", 2, START + (NEED + 40) * HOUR, "");

        assertThat(restarted).isProblem(409, "WINDOW_FILLING").tells("restarted after a gap", "37 missing steps");
        assertThat(restarted.json().at("/have").asInt()).isEqualTo(1);
    }

    @Test
    void sixtySecondsAndFourMinutesOfSilenceAreNoFullWindow() {
        put("SILENT", history(NEED, 1000), "");

        assertThat(step("SILENT", 1, START + NEED * 1000 + 4 * MINUTE, "")).isProblem(409, "WINDOW_FILLING");
    }

    @Test
    void twoBotsOnOneSymbolHaveWindowsOfTheirOwnByTimeframeOrWindowKey() {
        put("BOTH", history(NEED, MINUTE), "?timeframe=1m");
        put("BOTH", history(NEED, 5 * MINUTE), "?timeframe=5m");
        put("BOTH", history(NEED, MINUTE), "?timeframe=1m&window_key=scaled");

        assertThat(step("BOTH", 1, START + NEED * MINUTE, ",\"timeframe\":\"1m\"")).hasStatus(200);
        assertThat(step("BOTH", 2, START + NEED * 5 * MINUTE, ",\"timeframe\":\"5m\"")).hasStatus(200);
        assertThat(step("BOTH", 3, START + NEED * MINUTE, ",\"timeframe\":\"1m\",\"window_key\":\"scaled\""))
            .hasStatus(200);
        assertThat(step("BOTH", 4, START + NEED * MINUTE, "")).isProblem(409, "WINDOW_FILLING");
        assertThat(bot.send(bot.request("/api/ml/windows/BOTH?timeframe=5m").DELETE())).hasStatus(204);
        assertThat(bot.get("/api/ml/windows")
            .json()
            .valueStream()
            .filter((window) -> window.at("/symbol").asString().equals("BOTH"))).hasSize(3);
    }

    @Test
    void twoCallersWithContradictingValuesForOneTimeAreTold() {
        put("CONFLICT", history(NEED, MINUTE), "");
        Answer last = step("CONFLICT", 0, START + NEED * MINUTE, "");
        for (int i = 1; i < 4; i++) {
            assertThat(last.json().has("window_conflict")).isFalse();
            last = step("CONFLICT", i % 2 * 30, START + NEED * MINUTE, "");
        }

        assertThat(last.json().at("/window_conflict").asBoolean()).isTrue();
        assertThat(bot.get("/actuator/prometheus").body().lines()).anyMatch(
                (line) -> line.startsWith("modelserver_window_conflicting_steps_total") && !line.endsWith(" 0.0"));
    }

    @Test
    void aRunningCandleDatedByItsEndDoesNotShutOutTrueSteps() {
        long now = System.currentTimeMillis();
        step("AHEAD", 0, now + 231_000, "");

        for (int i = 1; i < 5; i++) {
            assertThat(step("AHEAD", i, now + i, "")).isProblem(409, "WINDOW_FILLING");
        }
    }

    @ParameterizedTest
    @CsvSource({ "1000, looks like microseconds", "1000000, looks like nanoseconds" })
    void aTimeInAnotherUnitIsToldByItsUnit(long factor, String unit) {
        Answer answer = bot.post("/predict",
                request("UNIT", 0, Long.toString(System.currentTimeMillis() * factor), ""));

        assertThat(answer).isProblem(422, "INVALID_FEATURES").tells(unit);
    }

    @ParameterizedTest
    @ValueSource(strings = { "1763148600", "\"2025-11-14 19:30:00+00:00\"", "\"2025-11-14T19:30:00+0000\"" })
    void timesAreUnderstoodAsPythonWritesThem(String time) {
        String symbol = "TIME" + time.length();

        bot.post("/predict", request(symbol, 0, time, ""));

        assertThat(step(symbol, 0, START - 1, "")).isProblem(409, "STALE_STEP").tells(Long.toString(START));
    }

    @ParameterizedTest
    @ValueSource(strings = { "\u5e01\u5b89\u4eba\u751fUSDT", "EURUSD=X", "ES1!", "@107", "$WIF/USDC", "M&M.NS",
            "C98+USDT", "77777777777777777777777777777777777777777777777777777777777777777777777777777" })
    void symbolsOfRealMarketsArePredictedOnAndHaveWindows(String symbol) {
        assertThat(bot.predict(sample.request().put("symbol", symbol).toString())).hasStatus(200);
        String path = URLEncoder.encode(symbol, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");

        Answer filled = bot.send(bot.request("/api/ml/windows/" + path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(history(NEED, HOUR))));

        assertThat(filled).hasStatus(200);
        assertThat(filled.json().at("/symbol").asString()).isEqualTo(symbol);
        assertThat(step(symbol, 0, START + NEED * HOUR, "").json().at("/symbol").asString()).isEqualTo(symbol);
        assertThat(bot.send(bot.request("/api/ml/windows/" + path).DELETE())).hasStatus(204);
        assertThat(bot.get("/actuator/prometheus").body()).doesNotContain(symbol);
    }

    @Test
    void oneNaNInABatchOfThreeFailsThatRequestAlone() {
        ArrayNode requests = Answer.JSON.createArrayNode();
        for (int i = 0; i < 3; i++) {
            ArrayNode features = sample.flat();
            if (i == 1) {
                features.set(17, "?");
            }
            requests.add(GoldenSample.request(features).put("symbol", "S" + i));
        }

        Answer answer = bot.post("/api/ml/predict/batch",
                "{\"requests\": %s}".formatted(requests).replace("\"?\"", "NaN"));

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/succeeded").asInt()).isEqualTo(2);
        assertThat(answer.json().at("/predictions/1/symbol").asString()).isEqualTo("S1");
        assertThat(answer.json().at("/predictions/1/error/code").asString()).isEqualTo("INVALID_FEATURES");
        assertThat(answer.json().at("/predictions/1/error/detail").asString()).contains("features[17]");
        assertThat(answer.body()).doesNotContain("JsonReadFeature", "enable");
    }

    @Test
    void oneNaNInAHistoryIsToldByItsFeatureAndChangesNothing() {
        put("NAN", history(NEED, HOUR), "");
        JsonNode close = Answer.JSON.readTree(history(NEED, HOUR)).at("/features/7/candle/close");

        String broken = history(NEED, HOUR).replaceFirst("\"close\":" + close, "\"close\":Infinity");
        Answer answer = put("NAN", broken, "");

        assertThat(answer).isProblem(422, "INVALID_FEATURES");
        assertThat(answer.json().at("/errors/0/field").asString()).matches("features\\[\\d+]\\.candle\\.close");
        assertThat(answer.body()).doesNotContain("JsonReadFeature", "enable");
        assertThat(step("NAN", 0, START + NEED * HOUR, "")).hasStatus(200);
    }

    @Test
    void whereThereIsNoRoomNewSymbolsAreRefusedAndOthersServedOn() {
        try (PackagedServer small = PackagedServer.withModels("--modelserver.window.max-memory=100KB")) {
            Client shared = bot;
            bot = small.client();
            for (int i = 0; i < 3; i++) {
                put("S" + i, history(NEED, HOUR), "");
            }

            Answer refused = step("NEW", 0, START, "");

            assertThat(refused).isProblem(503, "OVERLOADED").tells("modelserver.window.max-memory");
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(put("OTHER", history(NEED, HOUR), "")).isProblem(503, "OVERLOADED");
            for (int i = 0; i < 3; i++) {
                assertThat(step("S" + i, 0, START + NEED * HOUR, "")).hasStatus(200);
            }
            assertThat(bot.get("/actuator/prometheus").body()).contains("modelserver_windows_refused_total 2.0");
            bot = shared;
        }
    }

    private Answer put(String symbol, String history, String query) {
        return bot.send(bot.request("/api/ml/windows/" + symbol + query)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(history)));
    }

    private String history(int count, long period) {
        ArrayNode steps = Answer.JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            steps.add(((ObjectNode) market.get(i % market.size()).deepCopy()).put("timestamp", START + i * period));
        }
        return Answer.JSON.createObjectNode().set("features", steps).toString();
    }

    private Answer step(String symbol, int row, long time, String more) {
        return bot.post("/predict", request(symbol, row, Long.toString(time), more));
    }

    private String request(String symbol, int row, String time, String more) {
        ObjectNode step = ((ObjectNode) market.get(row % market.size()).deepCopy()).put("timestamp", "?");
        String request = GoldenSample.request(step).put("symbol", symbol).toString().replace("\"?\"", time);
        return request.substring(0, request.length() - 1) + more + "}";
    }

    private static List<JsonNode> market() {
        List<JsonNode> steps = new ArrayList<>();
        GoldenSample.all().forEach((golden) -> golden.named().forEach(steps::add));
        return steps;
    }

}
