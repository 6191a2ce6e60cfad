package io.modelserver.contract;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Trees, as converters export them: they look at one row of features. This one says SELL
 * where the first of four is 0 or less, else BUY.
 */
class TabularIT {

    private static final Path ONNX = Path.of("src", "test", "resources", "onnx");

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> put(models, "trees", "tree-zipmap", """
                {"input_shape": [4], "outputs": {"probabilities": "probabilities"},
                 "feature_names": ["candle.change", "candle.volume", "indicator.rsi_14", "orderbook.spread_bps"]}"""),
                "--modelserver.default-model=trees");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
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
        assertThat(client.get("/api/ml/windows").json().size()).isZero();
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

    private static String request(String features) {
        return "{\"symbol\": \"BTCUSDT\", \"features\": %s}".formatted(features);
    }

}
