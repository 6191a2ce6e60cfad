package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What bots and operators see of an ensemble, which is the default model here. */
class EnsembleIT {

    private static final String FEATURES = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]";

    private PackagedServer server;

    private Client client;

    @BeforeEach
    void start() {
        server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, "zeta");
            SmallModel.in(models, "beta");
            copy(models, "slow", "slow");
            copy(models, "book", "raw_lob");
            ensemble(models, "1", """
                    {"members": [{"model": "zeta", "stage": "PRODUCTION", "weight": 0.4},
                                 {"model": "beta", "weight": 0.35}, {"model": "slow", "weight": 0.25}]}""");
            ensemble(models, "2", """
                    {"members": [{"model": "zeta", "version": "2"}, {"model": "beta"}, {"model": "book"}],
                     "strategy": "majority"}""");
            // Its requests need not bring what only one of its members takes.
            Files.writeString(models.resolve("ensemble/2/metadata.json"), "{\"input_shape\": [4, 3]}");
            Files.writeString(models.resolve("ensemble/.production"), "1\n");
        }, "--modelserver.default-model=ensemble", "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=4");
        client = server.client();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void copy(Path models, String model, String files) throws IOException {
        PackagedServer.copy(Damage.TEST_MODELS.resolve(files), models.resolve(model).resolve("1"));
        Files.writeString(models.resolve(model).resolve(".production"), "1\n");
    }

    private static void ensemble(Path models, String version, String content) throws IOException {
        Path folder = Files.createDirectories(models.resolve("ensemble").resolve(version));
        Files.writeString(folder.resolve("ensemble.json"), content);
        Files.writeString(folder.resolve("metadata.json"), "{}");
    }

    @Test
    void aRequestThatNamesNoModelIsAnsweredByAllMembers() {
        Answer answer = client.post("/predict", request(""));

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/model_name").asString()).isEqualTo("ensemble");
        assertThat(answer.json().at("/model_version").asString()).isEqualTo("1");
        for (JsonNode told : List.of(answer.json(), answer.json().at("/prediction"))) {
            assertThat(told.at("/models_used").toString()).isEqualTo("[\"zeta\",\"beta\",\"slow\"]");
            assertThat(told.at("/model_predictions/beta/model_version").asString()).isEqualTo("1");
            assertThat(told.at("/model_predictions/beta/probabilities/BUY").isNumber()).isTrue();
            assertThat(told.at("/meta_confidence").isNumber()).isTrue();
            assertThat(told.at("/agreement_ratio").asDouble()).isEqualTo(1);
            assertThat(told.at("/consensus_type").asString()).isEqualTo("unanimous");
            assertThat(told.at("/strategy_used").asString()).isEqualTo("weighted_voting");
            assertThat(told.at("/should_trade").isBoolean()).isTrue();
            assertThat(told.has("models_failed")).isFalse();
        }

        JsonNode batch = client.post("/api/ml/predict/batch", "{\"requests\": [%s]}".formatted(request(""))).json();
        assertThat(batch.at("/predictions/0/prediction/models_used").size()).isEqualTo(3);

        Answer single = client.post("/predict", request("\"model_name\": \"beta\","));
        assertThat(single.json().has("models_used") || single.json().at("/prediction").has("models_used")).isFalse();
    }

    /** Other members must answer within that on a slow machine too. */
    @Test
    void aMemberThatIsLateIsLeftOutAndCounted() {
        server = server.restarted("--modelserver.default-model=ensemble", "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=4", "--modelserver.prediction.deadline=10s",
                "--modelserver.inference.longest-pass=15s");
        client = server.client();

        Answer answer = client.predict("{\"symbol\": \"S\", \"features\": [1e6, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}");

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/prediction/models_failed/slow").asString()).contains("did not answer within");
        assertThat(answer.json().at("/prediction/models_used").toString()).isEqualTo("[\"zeta\",\"beta\"]");
        String metrics = client.get("/actuator/prometheus").body();
        assertThat(metrics).contains("modelserver_ensemble_latency_seconds")
            .containsPattern("modelserver_ensemble_member_failures_total\\{[^}]*member=\"slow\"[^}]*DEADLINE_EXCEEDED");
    }

    @Test
    void aMembersPromotionCountsAtOnceAndAVersionIsComparedPromotedAndRolledBack() {
        assertThat(client.post("/api/ml/models/zeta/versions/2/stage", "{\"stage\": \"PRODUCTION\"}")).hasStatus(200);
        assertThat(client.predict(request("")).json().at("/prediction/model_predictions/zeta/model_version").asString())
            .isEqualTo("2");

        assertThat(client.post("/api/ml/ab-test/create", """
                {"experiment_id": "e", "control_model_name": "ensemble", "control_model_version": "1",
                 "treatment_model_name": "ensemble", "treatment_model_version": "2",
                 "control_traffic": 0.5, "treatment_traffic": 0.5}""")).hasStatus(200);
        for (int i = 0; i < 20; i++) {
            Answer answer = client.predict(request("").replace("\"S\"", "\"S" + i + "\""));
            assertThat(answer.json().at("/model_version").asString())
                .isEqualTo(answer.json().at("/variant").asString().equals("control") ? "1" : "2");
        }
        assertThat(client.post("/api/ml/ab-test/e/stop")).hasStatus(200);

        assertThat(client.post("/api/ml/models/ensemble/versions/2/stage", "{\"stage\": \"PRODUCTION\"}"))
            .hasStatus(200);
        JsonNode second = client.predict(request("")).json();
        assertThat(second.at("/prediction/strategy_used").asString()).isEqualTo("majority");
        assertThat(second.at("/prediction/models_failed/book").asString()).contains("raw_lob");
        assertThat(client.post("/api/ml/models/zeta/versions/2/stage", "{\"stage\": \"ARCHIVED\"}"))
            .isProblem(409, "CONFLICT")
            .tells("zeta:2 is a member of ensemble:");
        assertThat(client.post("/api/ml/models/ensemble/rollback")).hasStatus(200);
        assertThat(client.predict(request("")).json().at("/model_version").asString()).isEqualTo("1");
    }

    @Test
    void theListingShowsMembersAndHealthTellsOfThoseThatAreMissing() throws IOException {
        JsonNode listed = client.get("/api/ml/models/ensemble").json().at("/0");
        assertThat(listed.at("/state").asString()).isEqualTo("LIVE");
        assertThat(listed.at("/loaded").asBoolean()).isTrue();
        assertThat(listed.at("/framework").asString()).isEqualTo("ensemble");
        assertThat(listed.at("/members/0/model").asString()).isEqualTo("zeta");
        assertThat(listed.at("/members/0/weight").asDouble()).isEqualTo(0.4);
        assertThat(client.get("/api/ml/models/zeta").json().at("/0").has("members")).isFalse();
        assertThat(client.get("/health").json().at("/status").asString()).isEqualTo("healthy");

        for (String model : List.of("zeta", "slow")) {
            Files.writeString(server.models().resolve(model).resolve(".production"), "");
        }
        server = server.restarted("--modelserver.default-model=ensemble", "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=4");
        client = server.client();
        assertThat(client.predict(request("")).json().at("/prediction/consensus_type").asString()).isEqualTo("single");
        JsonNode health = client.get("/health").json();
        assertThat(health.at("/status").asString()).isEqualTo("degraded");
        assertThat(health.toString()).contains("ensemble:1 answers without 2 of its members");
    }

    @Test
    void anEnsembleThatCannotBeIsListedWithTheReason() throws IOException {
        ensemble(server.models(), "3", "{\"members\": [{\"model\": \"ensemble\"}]}");
        ensemble(server.models(), "4", "{\"members\": [{\"model\": \"zeta\", \"weight\": 0}]}");

        assertThat(client.post("/api/ml/models/ensemble/versions/3/stage", "{\"stage\": \"PRODUCTION\"}"))
            .isProblem(409, "MODEL_REJECTED")
            .tells("a member of itself");
        assertThat(client.get("/api/ml/models/ensemble").json().at("/3/error").asString())
            .contains("members[0].weight must be a number greater than 0");
        assertThat(client.predict(request("")).json().at("/model_version").asString()).isEqualTo("1");
    }

    private static String request(String fields) {
        return "{\"symbol\": \"S\", %s \"features\": %s}".formatted(fields, FEATURES);
    }

}
