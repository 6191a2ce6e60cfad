package io.modelserver.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

class StepIT {

    private static final int NEED = 60;

    private static final long MINUTE = 60_000;

    private static final long FIRST = 1_763_148_435_000L;

    private final List<JsonNode> market = market();

    private final Map<String, List<JsonNode>> histories = new HashMap<>();

    private static PackagedServer server;

    private Client bot;

    @BeforeAll
    static void start() {
        server = PackagedServer.withModels();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void emptyAllWindows() {
        bot = server.client();
        for (String symbol : bot.get("/api/ml/windows").json().findValuesAsString("symbol")) {
            assertThat(bot.send(bot.request("/api/ml/windows/" + symbol).DELETE())).hasStatus(204);
        }
    }

    @Test
    void aBotThatSendsStepsGetsTheAnswersOfWholeWindows() {
        List<String> symbols = List.of("BTCUSDT", "ETHUSDT", "SOL/USDT", "BINANCE:XRP-USD", "doge_usdt.p");

        for (int tick = 0; tick < 200; tick++) {
            if (tick == 130) {
                server = server.restarted();
                bot = server.client();
            }
            for (String symbol : symbols) {
                boolean afterGap = tick == 100 && symbol.equals("ETHUSDT");
                long time = time(tick) + ((symbol.equals("ETHUSDT") && tick >= 100) ? 60 * MINUTE : 0);
                step(symbol, tick, time, afterGap);
                if (tick % 17 == 3) {
                    retry(symbol, tick, time);
                }
                if (tick % 23 == 5) {
                    assertThat(bot.post("/predict", request(symbol, tick, time - MINUTE))).isProblem(409, "STALE_STEP");
                }
            }
        }
        assertThat(bot.get("/api/ml/windows").json().findValuesAsString("symbol"))
            .containsExactlyInAnyOrderElementsOf(symbols);
    }

    @Test
    void aHistoryFillsAWindowAtOnceAndAnEmptiedOneBeginsAnew() {
        String history = GoldenSample.request(GoldenSample.inProduction().window()).without("symbol").toString();

        Answer filled = bot.send(bot.request("/api/ml/windows/SOL/USDT")
            .header("Content-Type", "application/json")
            .PUT(java.net.http.HttpRequest.BodyPublishers.ofString(history)));

        assertThat(filled).hasStatus(200);
        assertThat(filled.json().at("/have").asInt()).isEqualTo(NEED);
        assertThat(bot.post("/predict", request("SOL/USDT", 0, FIRST))).hasStatus(200);
        assertThat(bot.send(bot.request("/api/ml/windows/SOL/USDT").DELETE())).hasStatus(204);
        assertThat(bot.send(bot.request("/api/ml/windows/SOL/USDT").DELETE())).isProblem(404, "NOT_FOUND");
        assertThat(bot.post("/predict", request("SOL/USDT", 0, FIRST))).isProblem(409, "WINDOW_FILLING");
    }

    @Test
    void aBatchMayCarryTheStepsOfSeveralSymbolsInOrder() {
        ArrayNode requests = Answer.JSON.createArrayNode();
        for (int tick = 0; tick < NEED + 1; tick++) {
            requests.add(Answer.JSON.readTree(request("A", tick, time(tick))));
            requests.add(Answer.JSON.readTree(request("B", tick + 7, time(tick))));
        }
        ObjectNode batch = Answer.JSON.createObjectNode().put("max_batch_size", 8);
        batch.set("requests", requests);

        JsonNode answers = bot.post("/api/ml/predict/batch", batch.toString()).json();

        assertThat(answers.at("/failed").asInt()).isEqualTo(2 * (NEED - 1));
        assertThat(answers.at("/succeeded").asInt()).isEqualTo(4);
        assertThat(answers.at("/predictions/0/error/code").asString()).isEqualTo("WINDOW_FILLING");
        assertThat(direction(answers.at("/predictions/120"))).isEqualTo(direction(whole(1, NEED + 1)));
        assertThat(direction(answers.at("/predictions/121"))).isEqualTo(direction(whole(8, NEED + 8)));
    }

    @Test
    void stepsWithoutNamesAndTimesCountInTheOrderOfTheirArrival() {
        for (int tick = 0; tick < NEED - 1; tick++) {
            Answer answer = bot.predict(GoldenSample.request(flat(tick)).toString());
            assertThat(answer).isProblem(409, "WINDOW_FILLING");
            assertThat(answer.json().at("/have").asInt()).isEqualTo(tick + 1);
            assertThat(answer.json().at("/need").asInt()).isEqualTo(NEED);
        }

        Answer full = bot.predict(GoldenSample.request(flat(NEED - 1)).toString());

        assertThat(full.prediction()).isEqualTo(whole(0, NEED).at("/prediction").toString());
        assertThat(full.json().at("/window_filled").asDouble()).isEqualTo(1);
    }

    @Test
    void aStepThatIsWrongIsToldAndLeavesTheWindowAsItWas() {
        bot.post("/predict", request("BTCUSDT", 0, FIRST));
        ObjectNode incomplete = (ObjectNode) Answer.JSON.readTree(request("BTCUSDT", 1, FIRST + MINUTE));
        ((ObjectNode) incomplete.at("/features/orderbook")).remove("ask_depth");
        ((ObjectNode) incomplete.at("/features/candle")).putNull("close");

        Answer answer = bot.post("/predict", incomplete.toString());

        assertThat(answer).isProblem(422, "INVALID_FEATURES");
        assertThat(answer.json().at("/errors").findValuesAsString("field"))
            .containsExactlyInAnyOrder("features.orderbook.ask_depth", "features.candle.close");
        assertThat(bot.post("/predict", request("BTCUSDT", 1, System.currentTimeMillis() + 60 * MINUTE))).isProblem(422,
                "INVALID_FEATURES");
        assertThat(bot.get("/api/ml/windows").json().at("/0/have").asInt()).isEqualTo(1);
    }

    private void step(String symbol, int tick, long time, boolean afterGap) {
        List<JsonNode> history = histories.computeIfAbsent(symbol, (name) -> new ArrayList<>());
        if (afterGap) {
            history.clear();
        }
        history.add(features(symbol, tick));
        expect(symbol, bot.post("/predict", request(symbol, tick, time)));
    }

    private void retry(String symbol, int tick, long time) {
        expect(symbol, bot.post("/predict", request(symbol, tick, time)));
    }

    private void expect(String symbol, Answer answer) {
        List<JsonNode> history = histories.get(symbol);
        if (history.size() < NEED) {
            assertThat(answer).isProblem(409, "WINDOW_FILLING");
            assertThat(answer.json().at("/have").asInt()).isEqualTo(history.size());
            return;
        }
        ArrayNode window = Answer.JSON.createArrayNode().addAll(history.subList(history.size() - NEED, history.size()));
        assertThat(answer.prediction()).contains("direction")
            .isEqualTo(bot.predict(GoldenSample.request(window).toString()).prediction());
    }

    private JsonNode whole(int from, int to) {
        ArrayNode window = Answer.JSON.createArrayNode();
        for (int tick = from; tick < to; tick++) {
            window.add(market.get(tick % market.size()));
        }
        return bot.predict(GoldenSample.request(window).toString()).json();
    }

    private static String direction(JsonNode answer) {
        return answer.at("/prediction/direction").asString();
    }

    /** As the live bot sends it: with fields beside the channels that are no features. */
    private String request(String symbol, int tick, long time) {
        ObjectNode step = ((ObjectNode) features(symbol, tick).deepCopy()).put("timestamp", time)
            .put("symbol", symbol)
            .put("version", "1.0")
            .put("feature_count", 110);
        ObjectNode request = GoldenSample.request(step).put("symbol", symbol).putNull("model_version");
        request.set("raw_lob", Answer.JSON.readTree("[[[44648.5, 1.2]], [[44646.1, 0.7], [44645, 2]]]"));
        return request.toString();
    }

    private JsonNode features(String symbol, int tick) {
        int offset = switch (symbol) {
            case "A" -> 0;
            case "B" -> 0;
            default -> Math.floorMod(symbol.hashCode(), 50);
        };
        return market.get((tick + offset) % market.size());
    }

    private JsonNode flat(int tick) {
        return Answer.JSON.createArrayNode().addAll((ArrayNode) rows().get(tick));
    }

    private static long time(int tick) {
        return FIRST + tick * MINUTE;
    }

    private static List<JsonNode> rows() {
        List<JsonNode> rows = new ArrayList<>();
        GoldenSample.all().forEach((sample) -> sample.window().forEach(rows::add));
        return rows;
    }

    private static List<JsonNode> market() {
        List<JsonNode> steps = new ArrayList<>();
        GoldenSample.all().forEach((sample) -> sample.named().forEach(steps::add));
        return steps;
    }

}
