package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What bots and operators see of models that are not what they seem. */
class ModelChecksIT {

    private static final Path RESOURCES = Path.of("src", "test", "resources");

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, "good");
            put(models, "tree", "onnx/tree-zipmap.onnx", "\"outputs\": {\"probabilities\": \"probabilities\"}");
            put(models, "twice", "onnx/tree-signs.onnx", "\"outputs\": {\"direction_logits\": \"probabilities\"}");
            put(models, "transposed", "doubtful/transposed.pt", "\"tags\": []");
            put(models, "dropout", "doubtful/functional-dropout.pt", "\"tags\": []");
            put(models, "wild", "doubtful/first-feature.pt",
                    "\"outputs\": {\"direction_logits\": 0, \"confidence\": 1, \"expected_return\": 2}");
            Files.writeString(models.resolve("wild/1/sample.json"),
                    "{\"samples\": [{\"inputs\": {\"features\": [0.5, 0.1, 1, 1]}, \"outputs\": {}}]}");
        }, "--modelserver.default-model=good");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void put(Path models, String model, String file, String metadata) throws IOException {
        Path folder = Files.createDirectories(models.resolve(model).resolve("1"));
        Files.copy(RESOURCES.resolve(file), folder.resolve(file.endsWith(".pt") ? "model.pt" : "model.onnx"));
        Files.writeString(folder.resolve("metadata.json"), "{\"input_shape\": [4], %s}".formatted(metadata));
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

    @Test
    void aTreeIsAnsweredWithItsOwnLabelsAndProbabilities() {
        Answer answer = predict("tree", "[-1, 0, 0, 0]");

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/prediction/direction").asString()).isEqualTo("SELL");
        assertThat(answer.json().at("/prediction/probabilities/SELL").floatValue()).isEqualTo(0.9f);
        assertThat(answer.json().at("/prediction/probabilities/BUY").floatValue()).isEqualTo(0.03f);
    }

    @ParameterizedTest
    @CsvSource({ "twice, holds probabilities", "transposed, is not the batch", "dropout, not deterministic" })
    void aModelThatWouldAnswerWronglyIsListedWithTheReason(String model, String reason) {
        assertThat(predict(model, "[1, 0, 0, 0]")).isProblem(503, "NO_PRODUCTION_MODEL").tells(reason);
        assertThat(client.get("/api/ml/models/" + model).json().at("/0/error").asString()).contains(reason);
        assertThat(client.get("/api/ml/models/%s/versions/1/sample".formatted(model))).isProblem(409, "MODEL_REJECTED")
            .tells(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [4.3, 0, 0, 0] | outside [0, 1]
            [0.5, 2, 0, 0] | outside [-1, 1]
            """)
    void aNumberThatCannotBeIsNoAnswer(String features, String reason) {
        assertThat(predict("wild", "[0.5, 0.1, 1, 1]")).hasStatus(200);

        assertThat(predict("wild", features)).isProblem(500, "INFERENCE_FAILED").tells(reason);
    }

    private static Answer predict(String model, String features) {
        return client
            .predict("{\"symbol\": \"S\", \"model_name\": \"%s\", \"features\": %s}".formatted(model, features));
    }

}
