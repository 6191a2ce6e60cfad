package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class EngineIT {

    private static final String VERSION = "20251114_192715";

    private static final String ONE_INSTANCE = "--modelserver.inference.instances=1";

    private static final String SMALL_BATCHES = "--modelserver.batching.max-batch-size=4";

    private final GoldenSample sample = GoldenSample.inProduction();

    @ParameterizedTest
    @CsvSource({ "auto, ONNX Runtime", "onnxruntime, ONNX Runtime", "pytorch, PyTorch" })
    void everyEngineAnswersTheGoldenSampleAlike(String setting, String engine) {
        try (PackagedServer server = PackagedServer.withModels("--modelserver.inference.engine=" + setting,
                ONE_INSTANCE, SMALL_BATCHES)) {
            JsonNode production = server.client().get("/api/ml/models?loaded=true").json().get(0);

            // Which is the faster one of the two is for the machine to say.
            if (!setting.equals("auto")) {
                assertThat(production.at("/engine").asString()).startsWith(engine);
            }
            assertReproduced(server);
        }
    }

    @ParameterizedTest
    @CsvSource({ "model.pt, ONNX Runtime", "model.onnx, PyTorch" })
    void aVersionWithOneOfTheTwoFilesIsServed(String missing, String engine) throws IOException {
        try (PackagedServer server = PackagedServer.withModels(ONE_INSTANCE, SMALL_BATCHES)) {
            Files.delete(server.models().resolve("hybrid_cnn_lstm").resolve(VERSION).resolve(missing));

            assertThat(server.client().post("/api/ml/models/hybrid_cnn_lstm/reload")).hasStatus(200);

            JsonNode production = server.client().get("/api/ml/models?loaded=true").json().get(0);
            assertThat(production.at("/engine").asString()).startsWith(engine);
            assertThat(production.at("/engine_reason").asString()).startsWith("there is only model.");
            assertReproduced(server);
        }
    }

    @Test
    void aLongCommandLineDoesNotOverflowTheEnginesStack() {
        try (PackagedServer server = PackagedServer.withModels("--modelserver.inference.engine=onnxruntime",
                ONE_INSTANCE, SMALL_BATCHES, "--of.no.meaning=" + "x".repeat(60_000))) {
            assertThat(server.client().predict(sample.request().toString())).hasStatus(200);
        }
    }

    @Test
    void warmingUpIsNotCounted() {
        try (PackagedServer server = PackagedServer.withModels("--modelserver.warm-up.requests=50")) {
            assertThat(server.output()).contains("warmed up with 50 requests");
            assertThat(server.client().predict(sample.request().toString())).hasStatus(200);

            String posted = "http_server_requests_seconds_count{error=\"none\",exception=\"none\",method=\"POST\"";
            // A request is counted once its answer has been sent.
            Eventually.isSo(() -> count(server, posted) > 0);

            assertThat(count(server, "modelserver_predictions_total{")).isEqualTo(1, within(0.0));
            assertThat(count(server, "modelserver_batch_size_count{")).isEqualTo(1, within(0.0));
            assertThat(count(server, posted)).isEqualTo(1, within(0.0));
        }
    }

    private static double count(PackagedServer server, String series) {
        return server.client()
            .get("/actuator/prometheus")
            .body()
            .lines()
            .filter((line) -> line.startsWith(series))
            .mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
            .sum();
    }

    private void assertReproduced(PackagedServer server) {
        JsonNode prediction = server.client().predict(sample.request().toString()).json().at("/prediction");
        for (String output : new String[] { "confidence", "expected_return" }) {
            assertThat(prediction.at("/" + output).asDouble()).as(output)
                .isEqualTo(sample.outputs().at("/" + output + "/0").asDouble(), within(1e-4));
        }
    }

}
