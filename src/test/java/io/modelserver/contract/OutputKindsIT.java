package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What bots are told by trees, regressors and models whose outputs mean nothing here. */
class OutputKindsIT {

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            put(models, "tree", "tree-numbers", """
                    "outputs": {"label": "label", "probabilities": "probabilities"}, "decide": {"hold_below": 0.85},
                    "classes": ["SELL", "HOLD", "BUY"]""");
            put(models, "decided", "two-returns", """
                    "outputs": {"expected_return": {"output": "variable", "column": 0},
                                "predicted_mae": {"output": "variable", "column": 1}},
                    "decide": {"from": "expected_return", "buy_above": 0.005, "sell_below": -0.005}""");
            put(models, "undecided", "one-return", "\"tags\": []");
            put(models, "raw", "raw", "\"task\": \"raw\"");
        }, "--modelserver.default-model=tree");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void put(Path models, String model, String file, String metadata) throws IOException {
        Path folder = Files.createDirectories(models.resolve(model).resolve("1"));
        Files.copy(Path.of("src", "test", "resources", "onnx", file + ".onnx"), folder.resolve("model.onnx"));
        Files.writeString(folder.resolve("metadata.json"), "{\"input_shape\": [4], %s}".formatted(metadata));
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

    @Test
    void aTreeAnswersItsProbabilitiesAndHoldsWhereItIsUnsure() {
        JsonNode sure = predict("tree", "[-1, 0, 0, 0]");
        JsonNode unsure = predict("tree", "[1, 0, 0, 0]");

        assertThat(sure.at("/prediction/direction").asString()).isEqualTo("SELL");
        assertThat(sure.at("/prediction/probabilities/SELL").floatValue()).isEqualTo(0.9f);
        assertThat(unsure.at("/prediction/direction").asString()).isEqualTo("HOLD");
        assertThat(unsure.at("/prediction/confidence").floatValue()).isEqualTo(0.8f);
        assertThat(sure.at("/prediction").has("outputs")).isFalse();
    }

    @Test
    void aRegressorWithARuleAnswersADirectionAndItsTargets() {
        JsonNode answer = predict("decided", "[1, 0, 0, 0]");

        assertThat(answer.at("/prediction/direction").asString()).isEqualTo("BUY");
        assertThat(answer.at("/prediction/expected_return").floatValue()).isEqualTo(0.01f);
        assertThat(answer.at("/prediction/confidence").isNull()).isTrue();
        assertThat(answer.at("/prediction/probabilities").isNull()).isTrue();
        assertThat(answer.at("/prediction/outputs/predicted_mae").floatValue()).isEqualTo(-0.01f);
    }

    @Test
    void aRegressorWithoutARuleAnswersNoDirection() {
        JsonNode answer = predict("undecided", "[1, 0, 0, 0]");

        assertThat(answer.at("/prediction/direction").isNull()).isTrue();
        assertThat(answer.at("/prediction/expected_return").floatValue()).isEqualTo(0.01f);
    }

    @Test
    void aRawModelAnswersItsOutputsByName() {
        JsonNode outputs = predict("raw", "[1, 0, 0, 0]").at("/prediction/outputs");

        assertThat(outputs.toString()).isEqualTo("{\"embedding\":[1.0,-1.0],\"regime\":3}");
    }

    @Test
    void theListingSaysWhatIsAnswered() {
        JsonNode listed = client.get("/api/ml/models/decided").json().at("/0");

        assertThat(listed.at("/task").asString()).isEqualTo("regression");
        assertThat(listed.at("/outputs").toString())
            .isEqualTo("[{\"name\":\"expected_return\",\"kind\":\"expected_return\"},"
                    + "{\"name\":\"predicted_mae\",\"kind\":\"output\"}]");
        assertThat(client.get("/api/ml/models/tree").json().at("/0/task").asString()).isEqualTo("direction");
    }

    private static JsonNode predict(String model, String features) {
        Answer answer = client
            .predict("{\"symbol\": \"S\", \"model_name\": \"%s\", \"features\": %s}".formatted(model, features));
        assertThat(answer.status()).isEqualTo(200);
        return answer.json();
    }

}
