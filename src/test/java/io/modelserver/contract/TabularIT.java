package io.modelserver.contract;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Trees, as converters export them: they look at one row of features. This one says SELL
 * where the first of four is 0 or less, else BUY.
 */
class TabularIT {

    private static final Path ONNX = Path.of("src", "test", "resources", "onnx");

    private static final String NAMED = """
            {"input_shape": [4], "outputs": {"probabilities": "probabilities"},
             "feature_names": ["candle.change", "candle.volume", "indicator.rsi_14", "orderbook.spread_bps"]}""";

    private static final Offset<Float> WITHIN = Offset.offset(1e-6f);

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            put(models, "trees", "tree-zipmap", NAMED);
            put(models, "gaps", "tree-missing", NAMED.replace("{\"input", "{\"missing\": \"allowed\", \"input"));
            scaled(models);
            put(models, "linear", "linear", "{\"input_shape\": [4], \"missing\": \"allowed\"}");
        }, "--modelserver.default-model=trees");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /**
     * Its return is a hundredth of the mean of four steps of three features, scaled by
     * 10, those of OWN by 100; version 2 scales all by 20.
     */
    private static void scaled(Path models) throws IOException {
        Path source = Path.of("src", "test", "resources", "torchscript", "scale");
        for (String version : List.of("1", "2")) {
            Path folder = models.resolve("scaled").resolve(version);
            PackagedServer.copy(source, folder);
            Files.delete(folder.resolve("sample.json"));
            ObjectNode metadata = (ObjectNode) Answer.JSON.readTree(Files.readString(folder.resolve("metadata.json")));
            metadata.set("scaling",
                    Answer.JSON.readTree(version.equals("1")
                            ? "{\"mean\": 0, \"scale\": 10, \"by_symbol\": {\"OWN\": {\"mean\": 0, \"scale\": 100}}}"
                            : "{\"min\": [0, 0, 0], \"max\": [20, 20, 20]}"));
            Files.writeString(folder.resolve("metadata.json"), metadata.toString());
        }
        Files.writeString(models.resolve("scaled").resolve(".production"), "1\n");
    }

    private static void put(Path models, String model, String file, String metadata) throws IOException {
        Path folder = Files.createDirectories(models.resolve(model).resolve("1"));
        Files.copy(ONNX.resolve(file + ".onnx"), folder.resolve("model.onnx"));
        Files.writeString(folder.resolve("metadata.json"), metadata);
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = { "[-1, 2, 3, 4]", "[[-1, 2, 3, 4]]",
            "{\"indicator\": {\"rsi_14\": 3}, \"candle\": {\"volume\": 2, \"change\": -1}, \"orderbook.spread_bps\": 4}",
            "[{\"candle.change\": -1, \"candle.volume\": 2, \"indicator.rsi_14\": 3, \"orderbook.spread_bps\": 4}]" })
    void aRowOfEveryFormIsAnsweredAtOnce(String features) {
        Answer answer = client.post("/predict", request(features));

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/direction").asString()).isEqualTo("SELL");
        assertThat(answer.json().at("/window_filled").isNull()).isTrue();
        assertThat(client.get("/api/ml/windows").json().findValuesAsString("symbol")).doesNotContain("BTCUSDT");
    }

    @Test
    void severalRowsAreSeveralRequests() {
        String several = request("[[-1, 2, 3, 4], [1, 2, 3, 4]]");
        String batch = "{\"requests\": [%s, %s]}".formatted(request("[-1, 2, 3, 4]"), request("[1, 2, 3, 4]"));

        assertThat(client.post("/predict", several)).isProblem(422, "INVALID_FEATURES")
            .tells("features hold 2 rows", "/api/ml/predict/batch");
        Answer answer = client.post("/api/ml/predict/batch", batch);
        assertThat(answer).hasStatus(200);
        assertThat(answer.json().findValuesAsString("direction")).containsExactly("SELL", "BUY");
    }

    @Test
    void thereIsNoWindowToFill() {
        Answer answer = client.send(client.request("/api/ml/windows/BTCUSDT")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{\"features\": [[1, 2, 3, 4], [1, 2, 3, 4]]}")));

        assertThat(answer).isProblem(422, "INVALID_FEATURES").tells("one row of 4 numbers", "nothing to fill");
    }

    @ParameterizedTest
    @ValueSource(strings = { "[null, 2, 3, 4]", "[[null, 2, null, 4]]",
            "{\"indicator\": {\"rsi_14\": 3}, \"candle\": {\"volume\": 2, \"change\": null}, \"orderbook.spread_bps\": 4}" })
    void aValueMayBeMissingForAModelThatAllowsIt(String features) {
        String forGaps = request(features).replace("{\"symbol", "{\"model_name\": \"gaps\", \"symbol");

        Answer answer = client.post("/predict", forGaps);
        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/direction").asString()).isEqualTo("SELL");
        assertThat(client.post("/predict", request(features))).isProblem(422, "INVALID_FEATURES").tells("null");
        Answer batch = client.post("/api/ml/predict/batch",
                "{\"requests\": [%s, %s]}".formatted(request(features), forGaps));
        assertThat(batch.json().at("/succeeded").asInt()).isEqualTo(1);
    }

    @Test
    void anAbsentNameIsNotAValueThatIsMissing() {
        assertThat(client.post("/predict",
                "{\"symbol\": \"S\", \"model_name\": \"gaps\", \"features\": {\"candle.change\": null, \"candle.volume\": 2, "
                        + "\"orderbook.spread_bps\": 4}}"))
            .isProblem(422, "INVALID_FEATURES")
            .namesField("features.indicator.rsi_14");
    }

    @Test
    void whatCallersSendIsScaledBySymbol() {
        String window = "[" + "30,".repeat(11) + "30]";
        assertThat(returned(client.post("/predict", scaled("OTHER", null, window)))).isCloseTo(0.03f, WITHIN);
        assertThat(returned(client.post("/predict", scaled("OWN", null, window)))).isCloseTo(0.003f, WITHIN);
        assertThat(returned(client.post("/predict", scaled("OWN", "2", window)))).isCloseTo(0.015f, WITHIN);

        Answer batch = client.post("/api/ml/predict/batch",
                "{\"requests\": [%s, %s]}".formatted(scaled("OTHER", null, window), scaled("OWN", null, window)));
        assertThat(batch.json().at("/predictions/0/prediction/expected_return").floatValue()).isCloseTo(0.03f, WITHIN);
        assertThat(batch.json().at("/predictions/1/prediction/expected_return").floatValue()).isCloseTo(0.003f, WITHIN);
    }

    @Test
    void stepsAreKeptUnscaledForVersionsOfEveryScaling() {
        for (int step = 0; step < 3; step++) {
            assertThat(client.post("/predict", scaled("STEPS", null, "[30, 30, 30]"))).isProblem(409, "WINDOW_FILLING");
        }
        assertThat(returned(client.post("/predict", scaled("STEPS", null, "[30, 30, 30]")))).isCloseTo(0.03f, WITHIN);
        assertThat(returned(client.post("/predict", scaled("STEPS", "2", "[30, 30, 30]")))).isCloseTo(0.015f, WITHIN);
    }

    private static float returned(Answer answer) {
        assertThat(answer).hasStatus(200);
        return answer.json().at("/expected_return").floatValue();
    }

    private static String scaled(String symbol, @Nullable String version, String features) {
        return "{\"symbol\": \"%s\", \"model_name\": \"scaled\"%s, \"features\": %s}".formatted(symbol,
                (version != null) ? ", \"model_version\": \"" + version + "\"" : "", features);
    }

    @Test
    void aModelThatCantAnswerThemIsListedWithTheReason() {
        assertThat(client.get("/api/ml/models/linear").json().at("/0/error").asString())
            .contains("where values are missing (NaN), the model answers NaN or Infinity");
    }

    private static String request(String features) {
        return "{\"symbol\": \"BTCUSDT\", \"features\": %s}".formatted(features);
    }

}
