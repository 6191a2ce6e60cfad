package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skyscreamer.jsonassert.JSONAssert;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How versions go live and go back. Each test has a copy of the bundled model as a model
 * of its own.
 */
class LifecycleIT {

    private static final String OLD = "20251114_192715";

    private static final String NEW = "20251121_081530";

    private static PackagedServer server;

    private static Client operator;

    private final GoldenSample sample = GoldenSample.inProduction();

    private String model;

    private Path folder;

    @BeforeAll
    static void start() {
        server = PackagedServer.withoutModels("--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=4");
        operator = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void copyTheModel(TestInfo test) throws IOException {
        model = test.getTestMethod().orElseThrow().getName() + Integer.toHexString(test.getDisplayName().hashCode());
        folder = server.models().resolve(model);
        PackagedServer.copy(PackagedServer.MODELS.resolve(PackagedServer.CLASSIFIER), folder);
    }

    @Test
    void reloadLoadsWhatIsInProduction() throws Exception {
        Answer first = operator.post("/api/ml/models/%s/reload".formatted(model));
        Answer second = operator.post("/api/ml/models/%s/reload".formatted(model));

        assertThat(first).hasStatus(200);
        assertThat(first.fields()).containsExactly("status", "message", "model_name", "version", "previous_version",
                "load_ms");
        JSONAssert.assertEquals("""
                { "status": "success", "model_name": "%s", "version": "%s", "previous_version": null }"""
            .formatted(model, OLD), first.body(), false);
        assertThat(second.json().at("/previous_version").asString()).isEqualTo(OLD);
        assertThat(first.json().at("/load_ms").asDouble()).isPositive();
        assertThat(predict(null).json().at("/model_name").asString()).isEqualTo(model);
    }

    @Test
    void reloadByBodyLoadsTheVersionThatItNames() {
        assertThat(operator.post("/api/ml/models/reload", "{\"model_name\":\"%s\"}".formatted(model))
            .json()
            .at("/version")
            .asString()).isEqualTo(OLD);
        String before = predict(null).prediction();

        Answer reload = operator.post("/api/ml/models/reload",
                "{\"model_name\":\"%s\",\"version\":\"%s\"}".formatted(model, NEW));

        assertThat(reload).hasStatus(200);
        assertThat(reload.json().at("/version").asString()).isEqualTo(NEW);
        assertThat(reload.json().at("/previous_version").asString()).isEqualTo(OLD);
        assertThat(predict(null).json().at("/model_version").asString()).isEqualTo(NEW);
        assertThat(predict(null).prediction()).isNotEqualTo(before);
        assertThat(listed(NEW).at("/loaded").asBoolean()).isTrue();
    }

    @Test
    void reloadByPathTakesTheVersionFromTheBodyToo() {
        String path = "/api/ml/models/%s/reload".formatted(model);

        assertThat(operator.post(path, "{\"version\":\"%s\"}".formatted(NEW)).json().at("/version").asString())
            .isEqualTo(NEW);
        assertThat(operator.post(path, "{\"model_version\":\"%s\"}".formatted(NEW)).json().at("/message").asString())
            .startsWith("%s:%s is loaded".formatted(model, OLD))
            .endsWith("'model_version' was ignored, the version is read from 'version'");
        assertThat(operator.post(path, "{}").json().at("/version").asString()).isEqualTo(OLD);
        assertThat(operator.post(path, "{\"version\":null}").json().at("/version").asString()).isEqualTo(OLD);
    }

    @Test
    void whatIsNotThereCanNotBeChanged() {
        assertThat(operator.post("/api/ml/models/gone/reload")).isProblem(404, "MODEL_NOT_FOUND").tells("gone");
        assertThat(operator.post("/api/ml/models/reload", "{\"model_name\":\"gone\"}")).isProblem(404,
                "MODEL_NOT_FOUND");
        assertThat(operator.post("/api/ml/models/gone/rollback")).isProblem(404, "MODEL_NOT_FOUND");
        assertThat(
                operator.post("/api/ml/models/reload", "{\"model_name\":\"%s\",\"version\":\"gone\"}".formatted(model)))
            .isProblem(404, "VERSION_NOT_FOUND")
            .tells("gone");
        assertThat(changeStage("gone", "PRODUCTION")).isProblem(404, "VERSION_NOT_FOUND").tells("gone");
        assertThat(changeStage("gone", "ARCHIVED")).isProblem(404, "VERSION_NOT_FOUND");
    }

    @Test
    void promotionSwapsProductionAndStagingOnDiskAndInMemory() throws IOException {
        setInMetadata(NEW, "trainer_notes", "{\"kept\": [1, 2.50]}");
        operator.post("/api/ml/models/%s/reload".formatted(model));

        Answer promotion = changeStage(NEW, "PRODUCTION");

        assertThat(promotion).hasStatus(200);
        assertThat(promotion.json().at("/status").asString()).isEqualTo("success");
        assertThat(promotion.json().at("/version").asString()).isEqualTo(NEW);
        assertThat(promotion.json().at("/previous_version").asString()).isEqualTo(OLD);
        assertThat(folder.resolve(".production")).content().isEqualToIgnoringWhitespace(NEW);
        assertThat(folder.resolve(".staging")).content().isEqualToIgnoringWhitespace(OLD);
        assertThat(metadata(NEW).at("/stage").asString()).isEqualToIgnoringCase("Production");
        assertThat(metadata(OLD).at("/stage").asString()).isEqualToIgnoringCase("Staging");
        assertThat(metadata(NEW).at("/trainer_notes").toString()).isEqualTo("{\"kept\":[1,2.50]}");
        assertThat(predict(null).json().at("/model_version").asString()).isEqualTo(NEW);
        assertThat(predict("staging").json().at("/model_version").asString()).isEqualTo(OLD);
        assertThat(listed(NEW).at("/stage").asString()).isEqualTo("PRODUCTION");
        assertThat(listed(OLD).at("/stage").asString()).isEqualTo("STAGING");
    }

    @Test
    void rollbackBringsTheEarlierVersionBack() throws IOException {
        operator.post("/api/ml/models/%s/reload".formatted(model));
        String before = predict(null).prediction();
        changeStage(NEW, "PRODUCTION");

        Answer rollback = operator.post("/api/ml/models/%s/rollback?reason=it+lost+money".formatted(model));

        assertThat(rollback).hasStatus(200);
        assertThat(rollback.json().at("/version").asString()).isEqualTo(OLD);
        assertThat(rollback.json().at("/previous_version").asString()).isEqualTo(NEW);
        assertThat(folder.resolve(".production")).content().isEqualToIgnoringWhitespace(OLD);
        assertThat(predict(null).prediction()).isEqualTo(before);
        assertThat(Files.readAllLines(folder.resolve("history.jsonl"))).satisfiesExactly(
                (found) -> assertThat(found).contains("\"who\":\"registry\"", "\"action\":\"found\"", OLD),
                (promoted) -> assertThat(promoted).contains("\"who\":\"local\"", "\"action\":\"promote\"",
                        "\"version\":\"" + NEW, "\"from\":\"STAGING\",\"to\":\"PRODUCTION\"",
                        "\"previous_version\":\"" + OLD),
                (back) -> assertThat(back).contains("\"action\":\"rollback\"", "\"why\":\"it lost money\""));
    }

    @Test
    void theHistoryTellsWhoChangedWhichStageAndWhy() throws Exception {
        assertThat(operator.get("/api/ml/models/%s/history".formatted(model)).json()).isEmpty();
        operator.post("/api/ml/models/%s/reload".formatted(model));
        operator.post("/api/ml/models/%s/versions/%s/stage".formatted(model, NEW),
                "{\"stage\": \"PRODUCTION\", \"reason\": \"better on paper\"}");
        operator.post("/api/ml/models/%s/rollback?reason=worse+live".formatted(model));

        Answer history = operator.get("/api/ml/models/%s/history".formatted(model));

        assertThat(history).hasStatus(200);
        JSONAssert.assertEquals("""
                [ { "who": "registry", "action": "found", "version": "%1$s", "previous_version": null },
                  { "who": "local", "action": "promote", "version": "%2$s", "to": "PRODUCTION",
                    "previous_version": "%1$s", "why": "better on paper" },
                  { "who": "local", "action": "rollback", "version": "%1$s", "to": "PRODUCTION",
                    "previous_version": "%2$s", "why": "worse live" } ]""".formatted(OLD, NEW), history.body(), false);
        assertThat(operator.get("/api/ml/models/gone/history")).isProblem(404, "MODEL_NOT_FOUND");
    }

    @Test
    void withoutAnEarlierVersionThereIsNothingToRollBackTo() {
        assertThat(operator.post("/api/ml/models/%s/rollback".formatted(model))).isProblem(409, "CONFLICT");
    }

    @ParameterizedTest
    @ValueSource(strings = { "ARCHIVED", "NONE" })
    void aRetiredVersionAnswersNoMore(String stage) throws IOException {
        operator.post("/api/ml/models/%s/reload".formatted(model));

        assertThat(changeStage(OLD, stage)).hasStatus(200);

        assertThat(predict(null)).isProblem(503, "NO_PRODUCTION_MODEL");
        assertThat(predict(null).header("Retry-After")).isNotEmpty();
        assertThat(metadata(OLD).at("/stage").asString()).isEqualToIgnoringCase(stage);
        assertThat(listed(OLD).at("/stage").asString()).isEqualTo(stage);
        assertThat(changeStage(OLD, "PRODUCTION")).hasStatus(200);
        assertThat(predict(null)).hasStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"stage\":\"GONE\"}", "{\"stage\":\"\"}", "{\"stage\":null}", "{}" })
    void aStageThatIsNoneIsRefused(String body) {
        assertThat(operator.post("/api/ml/models/%s/versions/%s/stage".formatted(model, NEW), body))
            .isProblem(422, "INVALID_REQUEST")
            .namesField("stage");
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenVersionIsRejectedAndTheOldOneServesOn(Damage damage) throws IOException {
        operator.post("/api/ml/models/%s/reload".formatted(model));
        String before = predict(null).prediction();
        damage.to(folder.resolve(NEW));

        Answer promotion = changeStage(NEW, "PRODUCTION");
        Answer reload = operator.post("/api/ml/models/%s/reload".formatted(model),
                "{\"version\":\"%s\"}".formatted(NEW));

        assertThat(promotion).isProblem(409, "MODEL_REJECTED").tells(NEW, damage.hint());
        assertThat(reload).isProblem(409, "MODEL_REJECTED").tells(NEW, damage.hint());
        assertThat(listed(NEW).at("/error").asString("")).contains(damage.hint()).isNotBlank();
        assertThat(listed(NEW).at("/loaded").asBoolean()).isFalse();
        assertThat(listed(OLD).at("/error").asString("")).isEmpty();
        assertThat(folder.resolve(".production")).content().isEqualToIgnoringWhitespace(OLD);
        assertThat(folder.resolve(".staging")).content().isEqualToIgnoringWhitespace(NEW);
        assertThat(predict(null).json().at("/model_version").asString()).isEqualTo(OLD);
        assertThat(predict(null).prediction()).isEqualTo(before);
        assertThat(predict(NEW)).isProblem(409, "MODEL_REJECTED");
    }

    @ParameterizedTest
    @ValueSource(strings = { "state-dict", "wrong-shape", "wrong-classes", "always-nan" })
    void aModelThatIsUnfitFromTheStartIsNotServed(String kind) throws IOException {
        PackagedServer.copy(Damage.TEST_MODELS.resolve(kind), folder.resolve("1"));

        assertThat(changeStage("1", "PRODUCTION")).isProblem(409, "MODEL_REJECTED");

        assertThat(listed("1").at("/error").asString("")).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = { "nan", "poison" })
    void anInputOnWhichTheModelFailsHarmsNoOther(String kind) throws IOException {
        PackagedServer.copy(Damage.TEST_MODELS.resolve(kind), folder.resolve("1"));
        assertThat(changeStage("1", "PRODUCTION")).hasStatus(200);
        String good = "{\"symbol\":\"A\",\"model_name\":\"%s\",\"features\":[0,0,0,0,0,0,0,0,0,0,0,1]}"
            .formatted(model);
        String bad = "{\"symbol\":\"B\",\"model_name\":\"%s\",\"features\":[2e6,0,0,0,0,0,0,0,0,0,0,1]}"
            .formatted(model);
        String before = operator.predict(good).prediction();

        assertThat(operator.predict(bad)).isProblem(500, "INFERENCE_FAILED");
        Answer batch = operator.post("/api/ml/predict/batch", "{\"requests\":[%s,%s,%s]}".formatted(good, bad, good));

        assertThat(batch.json().at("/succeeded").asInt()).isEqualTo(2);
        assertThat(batch.json().at("/predictions/1/error/code").asString()).isEqualTo("INFERENCE_FAILED");
        assertThat(operator.predict(good).prediction()).isEqualTo(before);
    }

    private Answer predict(String version) {
        return operator.predict(sample.request().put("model_name", model).put("model_version", version).toString());
    }

    private Answer changeStage(String version, String stage) {
        return operator.post("/api/ml/models/%s/versions/%s/stage".formatted(model, version),
                "{\"stage\":\"%s\"}".formatted(stage));
    }

    private JsonNode listed(String version) {
        List<JsonNode> versions = operator.get("/api/ml/models/" + model)
            .json()
            .valueStream()
            .filter((entry) -> entry.at("/version").asString().equals(version))
            .toList();
        assertThat(versions).hasSize(1);
        return versions.getFirst();
    }

    private JsonNode metadata(String version) throws IOException {
        return exactly(Files.readString(folder.resolve(version).resolve("metadata.json")));
    }

    private void setInMetadata(String version, String field, String value) throws IOException {
        ObjectNode metadata = (ObjectNode) metadata(version);
        metadata.set(field, exactly(value));
        Files.writeString(folder.resolve(version).resolve("metadata.json"), metadata.toString());
    }

    private static JsonNode exactly(String json) {
        return Answer.JSON.reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).readTree(json);
    }

}
