package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Whether bots still send what the model was trained on, asked through HTTP. */
class DriftIT {

    private static final String DRIFT = "/api/ml/models/small/drift";

    private static final String NARROW = """
            {"input_shape": [4, 3], "feature_stats": {"a": {"mean": 5, "std": 1, "quantiles": [0, 10]}}}""";

    private static PackagedServer server;

    private static Client client;

    private static SmallModel model;

    @BeforeAll
    static void startTheServer() throws IOException {
        server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, "small").withFeatureStats();
            SmallModel.in(models, "bare");
            Files.writeString(SmallModel.in(models, "narrow").version("1").resolve("metadata.json"), NARROW);
            spoil(SmallModel.in(models, "partial").withFeatureStats().version("1").resolve("metadata.json"));
        }, "--modelserver.default-model=small", "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=2", "--modelserver.drift.samples-per-second=1000",
                "--modelserver.drift.min-samples=20");
        client = server.client();
        model = new SmallModel(server.models().resolve("small"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theWorstFeaturesOfTheVersionInProductionAreNamed() {
        assertThat(drift(DRIFT).at("/verdict").asString()).isEqualTo("too_few_samples");
        // The last of the four steps that each request holds is 10, 11, 12.
        Eventually.isSo(() -> {
            assertThat(client.predict(model.request())).hasStatus(200);
            return drift(DRIFT).at("/samples").asInt() >= 20;
        });

        JsonNode drift = drift(DRIFT + "?features=2");

        assertThat(drift.at("/model_version").asString()).isEqualTo("1");
        assertThat(drift.at("/verdict").asString()).isEqualTo("drifted");
        assertThat(drift.at("/features").asInt()).isEqualTo(3);
        assertThat(drift.at("/drifted_features").asInt()).isEqualTo(3);
        assertThat(drift.at("/constant_share").asDouble()).isEqualTo(1);
        assertThat(drift.at("/worst").size()).isEqualTo(2);
        assertThat(drift.at("/worst/0/feature").asString()).isEqualTo("c");
        assertThat(drift.at("/worst/0/constant").asBoolean()).isTrue();
        assertThat(client.get("/health").json().at("/status").asString()).isEqualTo("healthy");
    }

    @Test
    void anyVersionCanBeAskedFor() {
        assertThat(drift(DRIFT + "?version=2").at("/model_version").asString()).isEqualTo("2");
        assertThat(drift("/api/ml/models/bare/drift").at("/verdict").asString()).isEqualTo("no_baseline");
        JsonNode narrow = drift("/api/ml/models/narrow/drift");
        assertThat(narrow.at("/verdict").asString()).isEqualTo("no_baseline");
        assertThat(narrow.at("/reason").asString()).endsWith("1 features, the model takes 3");
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThat(client.get("/api/ml/models/nobody/drift")).isProblem(404, "MODEL_NOT_FOUND");
        assertThat(client.get(DRIFT + "?version=9")).isProblem(404, "MODEL_NOT_FOUND");
        assertThat(client.get(DRIFT + "?version=staging")).isProblem(404, "MODEL_NOT_FOUND");
        assertThat(client.get(DRIFT + "?features=0")).isProblem(422, "INVALID_REQUEST");
        assertThat(client.get(DRIFT + "?features=many")).isProblem(400, "MALFORMED_REQUEST");
        assertThat(client.get(DRIFT + "?features=many").json().at("/detail").asString())
            .isEqualTo("features: expected a whole number that is not too large, not 'many'");
    }

    @Test
    void theAnswerSaysWhatLimitsRestOnAndWhichFeaturesHaveNone() {
        Eventually.isSo(() -> {
            assertThat(client.predict(new SmallModel(server.models().resolve("partial")).request())).hasStatus(200);
            return drift("/api/ml/models/partial/drift").at("/samples").asInt() >= 20;
        });

        JsonNode drift = drift("/api/ml/models/partial/drift");

        assertThat(drift.at("/thresholds").asString()).isEqualTo("mixed");
        assertThat(drift.at("/features").asInt()).isEqualTo(2);
        assertThat(drift.at("/without_baseline").asInt()).isEqualTo(1);
        assertThat(drift.at("/lacking/0/feature").asString()).isEqualTo("b");
        assertThat(drift.at("/lacking/0/reason").asString())
            .isEqualTo("b must be an object of mean, std and quantiles");
        // c is judged over an hour that has only begun, a by fixed limits.
        assertThat(drift.at("/worst/0/feature").asString()).isEqualTo("a");
        assertThat(drift.at("/worst/0/basis").asString()).isEqualTo("fixed");
        assertThat(drift.at("/worst/0/window_seconds").asInt()).isEqualTo(86_400);
        assertThat(drift.at("/worst/0/psi_limit").asDouble()).isEqualTo(0.25);
        assertThat(drift.at("/worst/1/basis").asString()).isEqualTo("blocks");
        assertThat(drift.at("/worst/1/verdict").asString()).isEqualTo("too_few_samples");
        assertThat(drift.at("/worst/1/window_seconds").asInt()).isEqualTo(3600);
        assertThat(drift.at("/worst/1/mean_shift_limit").asDouble()).isEqualTo(0.9);
    }

    /** As if a trainer had written one feature wrong, and windows for one other. */
    private static void spoil(Path file) throws IOException {
        ObjectNode metadata = (ObjectNode) Answer.JSON.readTree(Files.readString(file));
        ((ObjectNode) metadata.at("/feature_stats")).put("b", "wrong");
        ((ObjectNode) metadata.at("/feature_stats/c")).set("drift", Answer.JSON
            .readTree("{\"window_seconds\":3600,\"rows\":60,\"psi\":[0.5,0.7],\"mean_shift\":[0.5,0.9]}"));
        Files.writeString(file, metadata.toString());
    }

    private static JsonNode drift(String path) {
        return client.get(path).json();
    }

}
