package io.modelserver.contract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import io.modelserver.fixtures.MlflowFolder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Folders of MLflow, dropped into the registry as they are. */
class MlflowIT {

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            MlflowFolder.onnx(Files.createDirectories(models.resolve("tree/1")));
            Files.writeString(models.resolve("tree/.production"), "1\n");
            MlflowFolder.pytorch(Files.createDirectories(models.resolve("net/7")));
            MlflowFolder.pytorch(Files.createDirectories(models.resolve("pickled/1")))
                .replace("data/model.pth", Path.of("src/test/resources/torchscript/state-dict/model.pt"));
            MlflowFolder.pytorch(Files.createDirectories(models.resolve("sklearn/1")))
                .with("  pytorch:", "  sklearn:")
                .put("model.pkl", "pickle");
            Files.delete(models.resolve("sklearn/1/data/model.pth"));
            Path single = Files.createDirectories(models.resolve("single/1"));
            Files.copy(Path.of("src/test/resources/onnx/linear-batch-of-one.onnx"), single.resolve("model.onnx"));
            Files.writeString(single.resolve("metadata.json"), "{\"input_shape\": [4]}");
            Files.writeString(models.resolve("single/.production"), "1\n");
        }, "--modelserver.default-model=tree");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aClassifierOfTheOnnxFlavourTakesTheColumnsOfItsSignature() {
        Answer answer = client.predict(
                "{\"symbol\": \"S\", \"features\": {\"spread_bps\": 0, \"rsi\": -1, \"imbalance\": 0, \"hour\": 9}}");

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/prediction/direction").asString()).isEqualTo("SELL");
        assertThat(answer.json().at("/prediction/probabilities/SELL").floatValue()).isEqualTo(0.9f);
        assertThat(client.predict("{\"symbol\": \"S\", \"features\": {\"rsi\": -1}}"))
            .isProblem(422, "INVALID_FEATURES")
            .tells("spread_bps");
        assertThat(client.predict("{\"symbol\": \"S\", \"features\": [1, 0, 0, 9]}")
            .json()
            .at("/prediction/direction")
            .asString()).isEqualTo("BUY");
    }

    @Test
    void aScriptOfThePytorchFlavourIsPromotedAndRolledBackAsAnyOther() throws Exception {
        MlflowFolder.pytorch(Files.createDirectories(server.models().resolve("net/8")));
        promote("net", "7");
        promote("net", "8");

        assertThat(client.predict("{\"symbol\": \"S\", \"model_name\": \"net\", \"features\": [1, 2, 3, 4]}")
            .json()
            .at("/model_version")
            .asString()).isEqualTo("8");
        assertThat(client.post("/api/ml/models/net/rollback")).hasStatus(200);

        JsonNode version = client.get("/api/ml/models/net").json().get(0);
        assertThat(version.path("stage").asString()).isEqualTo("PRODUCTION");
        assertThat(version.path("engine").asString()).startsWith("PyTorch");
        assertThat(version.path("engine_reason").asString()).isEqualTo("there is only data/model.pth");
        assertThat(version.path("input_shape")).hasToString("[4]");
        assertThat(version.path("created_at").asString()).isEqualTo("2026-04-15T14:58:21.404944Z");
        assertThat(version.path("size_mb").isNumber()).isTrue();
        assertThat(server.models().resolve("net/7/metadata.json")).doesNotExist();

        Files.copy(Path.of("src/test/resources/doubtful/softmaxed.pt"), server.models().resolve("net/7/data/new"));
        Files.move(server.models().resolve("net/7/data/new"), server.models().resolve("net/7/data/model.pth"),
                StandardCopyOption.REPLACE_EXISTING);
        Eventually.isSo(() -> client.get("/health").body().contains("net:7"));
        assertThat(client.get("/health").json().path("status").asString()).isEqualTo("degraded");
        assertThat(client.post("/api/ml/models/net/reload")).isProblem(409, "MODEL_REJECTED")
            .tells("holds probabilities");
    }

    @Test
    void whatCannotBeRunIsListedWithTheReason() {
        assertThat(client.get("/api/ml/models/sklearn").json().at("/0/error").asString())
            .contains("MLmodel is an MLflow model of sklearn", "model.pkl is a Python object");
        assertThat(client.post("/api/ml/models/pickled/versions/1/stage", "{\"stage\": \"PRODUCTION\"}"))
            .isProblem(409, "MODEL_REJECTED")
            .tells("torch.jit.script(model.eval())");
    }

    @Test
    void aModelThatIsRunOneByOneAnswersABatchAndSaysSoInTheListing() {
        String request = "{\"symbol\": \"S\", \"model_name\": \"single\", \"features\": [%s, 0, 0, 0]}";
        Answer answer = client.post("/api/ml/predict/batch", "{\"requests\": [%s, %s, %s]}"
            .formatted(request.formatted(1), request.formatted(-1), request.formatted(2)));

        assertThat(answer.json().path("succeeded").asInt()).isEqualTo(3);
        assertThat(answer.json().at("/predictions/1/prediction/direction").asString()).isEqualTo("BUY");
        assertThat(client.get("/api/ml/models/single").json().at("/0/max_batch_size").asInt()).isEqualTo(1);
        assertThat(client.get("/api/ml/models/single").json().at("/0/engine_reason").asString())
            .contains("one request at a time");
        assertThat(client.get("/api/ml/models/tree").json().at("/0/max_batch_size").isMissingNode()).isTrue();
    }

    private static void promote(String model, String version) {
        assertThat(client.post("/api/ml/models/%s/versions/%s/stage".formatted(model, version),
                "{\"stage\": \"PRODUCTION\"}"))
            .hasStatus(200);
    }

}
