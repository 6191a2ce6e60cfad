package io.modelserver.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What bots see of the packaged server as long as they do everything right. */
@ExtendWith(SharedServer.class)
class ContractIT {

    private static final String ANSWER = """
            { "symbol": "BTCUSDT",
              "prediction": { "direction": "BUY", "confidence": 0.85, "expected_return": 0.012,
                              "probabilities": { "SELL": 0.05, "HOLD": 0.10, "BUY": 0.85 } },
              "model_name": "hybrid_cnn_lstm", "model_version": "20251114_192715",
              "prediction_id": "0199", "experiment_id": null, "variant": null, "window_filled": null,
              "latency_ms": 1.53, "timestamp": "2026-01-02T03:04:05.678Z" }""";

    private static final Offset<Double> PYTORCH = Offset.offset(1e-5);

    /** By which the host's clock may be put right meanwhile. */
    private static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    private final GoldenSample sample = GoldenSample.inProduction();

    private Client bot;

    @BeforeEach
    void call(PackagedServer server) {
        bot = server.client();
    }

    static Stream<GoldenSample> goldenSamples() {
        return GoldenSample.all().stream();
    }

    @ParameterizedTest
    @MethodSource("goldenSamples")
    void answersAreThoseOfPyTorch(GoldenSample golden) {
        Answer answer = bot.predict(golden.request().put("model_version", golden.version()).toString());

        assertThat(answer).hasStatus(200);
        double[] logits = golden.outputs()
            .at("/direction_logits")
            .valueStream()
            .mapToDouble(JsonNode::asDouble)
            .toArray();
        double sum = IntStream.range(0, logits.length).mapToDouble((i) -> Math.exp(logits[i])).sum();
        int greatest = IntStream.range(0, logits.length)
            .reduce((a, b) -> (logits[b] > logits[a]) ? b : a)
            .orElseThrow();
        JsonNode prediction = answer.json().at("/prediction");
        List<String> classes = List.of("SELL", "HOLD", "BUY");
        assertThat(prediction.at("/direction").asString()).isEqualTo(classes.get(greatest));
        for (int i = 0; i < logits.length; i++) {
            assertThat(prediction.at("/probabilities/" + classes.get(i)).asDouble())
                .isCloseTo(Math.exp(logits[i]) / sum, PYTORCH);
        }
        assertThat(prediction.at("/confidence").asDouble()).isCloseTo(golden.outputs().at("/confidence/0").asDouble(),
                PYTORCH);
        assertThat(prediction.at("/expected_return").asDouble())
            .isCloseTo(golden.outputs().at("/expected_return/0").asDouble(), PYTORCH);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/predict", "/api/ml/predict" })
    void flatNestedAndNamedFeaturesGetTheSameAnswer(String path) {
        Answer flat = bot.post(path, sample.request().toString());
        Answer nested = bot.post(path, GoldenSample.request(sample.window()).toString());
        Answer named = bot.post(path, GoldenSample.request(sample.named()).toString());

        assertThat(flat).hasStatus(200);
        assertThat(nested.prediction()).isEqualTo(flat.prediction());
        assertThat(named.prediction()).isEqualTo(flat.prediction());
    }

    @Test
    void extraKeysAndTheOrderOfNamedFeaturesDoNotMatter() {
        ArrayNode steps = sample.named();
        ArrayNode reversed = Answer.JSON.createArrayNode();
        for (JsonNode step : steps) {
            ObjectNode turned = reversed.addObject().put("timestamp", 1763144895000L).put("comment", "kept by the bot");
            step.propertyNames()
                .stream()
                .toList()
                .reversed()
                .forEach((channel) -> turned.set(channel, step.get(channel)));
            turned.withObjectProperty("orderbook").putArray("levels").add("x");
        }

        assertThat(bot.predict(GoldenSample.request(reversed).toString()).prediction())
            .isEqualTo(bot.predict(sample.request().toString()).prediction());
    }

    @Test
    void theSameRequestGetsTheSameNumbersBitForBit() {
        String request = sample.request().toString();

        assertThat(Stream.generate(() -> bot.predict(request).prediction()).limit(20).distinct()).hasSize(1);
        assertThat(bot.post("/predict", request).prediction()).isEqualTo(bot.predict(request).prediction());
    }

    @Test
    void theAnswerHasExactlyTheFieldsOfTheContractInItsOrder() {
        Answer answer = bot.predict(sample.request().toString());

        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.fields()).containsExactlyElementsOf(Answer.fields(ANSWER));
        assertThat(answer.json()
            .properties()
            .stream()
            .filter((field) -> field.getValue().isNull())
            .map((field) -> field.getKey())).containsExactly("experiment_id", "variant", "window_filled");
        assertThat(answer.json().at("/symbol").asString()).isEqualTo("BTCUSDT");
        assertThat(answer.json().at("/model_name").asString()).isEqualTo(sample.model());
    }

    @Test
    void onlyTheBotsPathRepeatsTheAnswerAtTheTopLevel() {
        Answer answer = bot.post("/predict", sample.request().toString());

        List<String> repeated = List.of("direction", "confidence", "expected_return");
        assertThat(answer.fields()).hasSize(Answer.fields(ANSWER).size() + 3)
            .containsSubsequence(Answer.fields(ANSWER))
            .containsAll(repeated);
        repeated.forEach(
                (field) -> assertThat(answer.json().get(field)).isEqualTo(answer.json().at("/prediction").get(field)));
    }

    @Test
    void predictionIdsAreUniqueAndSortByTime() {
        List<String> ids = Stream.generate(() -> bot.predict(sample.request().toString()))
            .limit(20)
            .map((answer) -> answer.json().at("/prediction_id").asString())
            .toList();

        assertThat(ids).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void latencyAndTimeAreThoseOfTheRequest() {
        Instant before = Instant.now();
        long sent = System.nanoTime();
        Answer answer = bot.predict(sample.request().toString());
        double millis = (System.nanoTime() - sent) / 1e6;

        assertThat(answer.json().at("/latency_ms").asDouble()).isPositive().isLessThanOrEqualTo(millis);
        String timestamp = answer.json().at("/timestamp").asString();
        assertThat(timestamp).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(Instant.parse(timestamp)).isBetween(before.minus(CLOCK_STEP), Instant.now().plus(CLOCK_STEP));
    }

    @ParameterizedTest
    @CsvSource({ "null, 20251114_192715", "'\"latest\"', 20251114_192715", "'\"production\"', 20251114_192715",
            "'\"20251114_192715\"', 20251114_192715", "'\"staging\"', 20251121_081530",
            "'\"20251121_081530\"', 20251121_081530" })
    void aVersionIsChosenByStageOrExactly(String asked, String answered) {
        ObjectNode request = sample.request().put("model_name", "hybrid_cnn_lstm");
        request.set("model_version", Answer.JSON.readTree(asked));

        assertThat(bot.predict(request.toString()).json().at("/model_version").asString()).isEqualTo(answered);
    }

    @Test
    void whatTheModelDoesNotNeedIsAcceptedAndIgnored() {
        String expected = bot.predict(sample.request().toString()).prediction();
        ObjectNode request = sample.request()
            .put("routing_key", "bot-7")
            .put("strategy", "breakout")
            .putNull("model_name");
        request.set("raw_lob", Answer.JSON.readTree("[[[44650.6,1.5],[44651.0,2]],[[44650.1,0.7]]]"));
        request.putObject("extra").putArray("deep").addObject().put("x", 1e300);

        assertThat(bot.predict(request.toString()).prediction()).isEqualTo(expected);
        assertThat(bot.predict(request.putNull("raw_lob").toString()).prediction()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({ "model_name, gone, MODEL_NOT_FOUND", "model_version, gone, VERSION_NOT_FOUND",
            "experiment_id, gone, EXPERIMENT_NOT_FOUND" })
    void whatIsNotThereIsNotFound(String field, String name, String code) {
        String request = sample.request().put(field, name).toString();

        assertThat(bot.predict(request)).isProblem(404, code).tells("gone");
        assertThat(bot.post("/predict", request)).isProblem(404, code).tells("gone");
    }

    @Test
    void everyVersionIsListed() {
        Answer models = bot.get("/api/ml/models");

        assertThat(models).hasStatus(200);
        assertThat(models.json()).hasSize(2)
            .allSatisfy((version) -> assertThat(version.propertyNames()).containsExactly("name", "version", "stage",
                    "state", "model_type", "framework", "metrics", "size_mb", "loaded", "engine", "input_shape",
                    "created_at", "sha256", "engine_reason", "task", "outputs"));
        assertThat(bot.get("/api/ml/models/hybrid_cnn_lstm").json()).isEqualTo(models.json());
        JsonNode production = models.json().get(0);
        assertThat(production.at("/version").asString()).isEqualTo("20251114_192715");
        assertThat(production.at("/stage").asString()).isEqualTo("PRODUCTION");
        assertThat(production.at("/state").asString()).isEqualTo("LIVE");
        assertThat(production.at("/loaded").asBoolean()).isTrue();
        assertThat(production.at("/engine").asString()).matches("(PyTorch|ONNX Runtime) [0-9.]+");
        assertThat(production.at("/engine_reason").asString()).startsWith("model.onnx agrees with model.pt");
        assertThat(production.at("/input_shape").toString()).isEqualTo("[60,110]");
        assertThat(production.at("/metrics")).isEqualTo(sample.metadata().at("/metrics"));
        assertThat(models.json().get(1).at("/stage").asString()).isEqualTo("STAGING");
    }

    @Test
    void theListCanBeRestrictedToWhatIsLoaded() {
        JsonNode loaded = bot.get("/api/ml/models?loaded=true").json();

        assertThat(loaded).isNotEmpty().allSatisfy((version) -> assertThat(version.at("/loaded").asBoolean()).isTrue());
        assertThat(loaded.get(0).at("/version").asString()).isEqualTo("20251114_192715");
    }

    @Test
    void anUnknownModelIsNotListed() {
        assertThat(bot.get("/api/ml/models/gone")).isProblem(404, "MODEL_NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/health", "/api/ml/health" })
    void healthTellsBotsToCountOnTheServer(String path) {
        Answer health = bot.get(path);

        assertThat(health).hasStatus(200);
        assertThat(health.fields()).containsExactlyElementsOf(Answer.fields("""
                { "status": "healthy", "models_loaded": 1, "uptime_seconds": 123.45,
                  "loaded_models": ["hybrid_cnn_lstm:20251114_192715"], "active_experiments": [],
                  "timestamp": "2026-01-02T03:04:05.678Z" }"""));
        assertThat(health.json().at("/status").asString()).isEqualTo("healthy");
        assertThat(health.json().at("/models_loaded").asInt()).isEqualTo(health.json().at("/loaded_models").size());
        assertThat(health.json().at("/loaded_models").valueStream().map(JsonNode::asString))
            .contains("hybrid_cnn_lstm:20251114_192715");
        assertThat(health.json().at("/uptime_seconds").asDouble()).isPositive();
        assertThat(health.json().at("/active_experiments").isArray()).isTrue();
        assertThat(health.json().at("/timestamp").asString()).endsWith("Z");
    }

}
