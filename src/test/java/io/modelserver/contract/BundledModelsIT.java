package io.modelserver.contract;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** That each model in the box can be used in every way in which a model can be used. */
class BundledModelsIT {

    private static final Offset<Double> ROUNDING = Offset.offset(1e-4);

    private static final int SYMBOLS = 40;

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry(BundledModel::copyAllTwice, "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=4");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<BundledModel> models() {
        return BundledModel.all();
    }

    static Stream<BundledModel> modelsWithWindows() {
        return models().stream()
            .filter((model) -> BundledModel.steps(model.golden().path("inputs").asObject().deepCopy()).size() > 1);
    }

    @Test
    void allAreServedAndNothingIsWrongWithThem() {
        JsonNode health = client.get("/health").json();

        assertThat(health.at("/status").asString()).as(health.toString()).isEqualTo("healthy");
        assertThat(health.at("/loaded_models").valueStream().map(JsonNode::asString))
            .containsAll(models().stream().map((model) -> model.name() + ":" + model.first()).toList());
    }

    @ParameterizedTest
    @MethodSource("models")
    void itsSampleIsAnsweredAsInTraining(BundledModel model) {
        Answer answer = client.post("/predict", sample(model).toString());

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/model_name").asString()).isEqualTo(model.name());
        assertThat(answer.json().at("/model_version").asString()).isEqualTo(model.first());
        JsonNode prediction = answer.json().at("/prediction");
        assertThat(prediction.at("/direction").asString()).isIn("SELL", "HOLD", "BUY");
        model.golden().at("/outputs").forEachEntry((role, expected) -> {
            if (prediction.path(role).isNumber()) {
                assertThat(prediction.path(role).asDouble()).as(role).isEqualTo(expected.path(0).asDouble(), ROUNDING);
            }
        });
        model.golden().at("/prediction").forEachEntry((field, expected) -> {
            if (expected.isString()) {
                assertThat(prediction.path(field)).as(field).isEqualTo(expected);
            }
        });
    }

    @ParameterizedTest
    @MethodSource("models")
    void inABatchItSaysTheSame(BundledModel model) {
        ObjectNode sample = sample(model);
        JsonNode alone = client.post("/predict", sample.toString()).json();

        Answer batch = client.post("/api/ml/predict/batch",
                "{\"requests\": [%s, %s]}".formatted(sample, sample.deepCopy().put("symbol", "ETHUSDT")));

        assertThat(batch).hasStatus(200);
        assertThat(batch.json().at("/succeeded").asInt()).as(batch.body()).isEqualTo(2);
        for (JsonNode entry : batch.json().at("/predictions")) {
            assertSame(entry.at("/prediction"), alone.at("/prediction"));
        }
    }

    @ParameterizedTest
    @MethodSource("modelsWithWindows")
    void stepByStepItSaysTheSameAsOfTheWholeWindow(BundledModel model) {
        ObjectNode sample = sample(model).put("symbol", "STEPS-" + model.name());
        JsonNode whole = client.post("/predict", sample.toString()).json();
        List<ObjectNode> steps = BundledModel.steps(sample);
        assertThat(steps).hasSizeGreaterThan(1);

        for (ObjectNode step : steps.subList(0, steps.size() - 1)) {
            assertThat(client.post("/predict", step.toString())).isProblem(409, "WINDOW_FILLING");
        }
        Answer last = client.post("/predict", steps.getLast().toString());

        assertThat(last).hasStatus(200);
        assertSame(last.json().at("/prediction"), whole.at("/prediction"));
    }

    @ParameterizedTest
    @MethodSource("models")
    void swaggerHasAnExampleOfItThatIsAnswered(BundledModel model) {
        JsonNode document = client.get("/openapi.json").json();
        String name = model.name().equals(PackagedServer.CLASSIFIER) ? "numbers" : model.name();
        String shown = document
            .at("/paths/~1predict/post/requestBody/content/application~1json/examples/%s/$ref".formatted(name))
            .asString();

        JsonNode example = document.at(shown.substring(1)).at("/value");
        Answer answer = client.post("/predict", example.toString());

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/model_name").asString()).isEqualTo(model.name());
    }

    @ParameterizedTest
    @MethodSource("models")
    void itIsPromotedComparedAndRolledBack(BundledModel model) {
        assertThat(client.post("/api/ml/models/%s/versions/%s/stage".formatted(model.name(), model.second()),
                "{\"stage\": \"PRODUCTION\"}"))
            .hasStatus(200);
        ObjectNode sample = sample(model);
        sample.remove("model_version");
        assertThat(client.post("/predict", sample.toString()).json().at("/model_version").asString())
            .isEqualTo(model.second());

        compare(model, sample);

        Answer rollback = client.post("/api/ml/models/%s/rollback".formatted(model.name()));
        assertThat(rollback).hasStatus(200);
        assertThat(rollback.json().at("/version").asString()).isEqualTo(model.first());
        assertThat(client.post("/predict", sample.toString()).json().at("/model_version").asString())
            .isEqualTo(model.first());
    }

    private void compare(BundledModel model, ObjectNode sample) {
        ExperimentClient experiments = new ExperimentClient(client);
        assertThat(experiments.create("""
                { "experiment_id": "%1$s", "control_model_name": "%1$s", "control_model_version": "%2$s",
                  "treatment_model_name": "%1$s", "treatment_model_version": "%3$s",
                  "control_traffic": 0.5, "treatment_traffic": 0.5, "outcome_horizon": "10m" }"""
            .formatted(model.name(), model.second(), model.first()))).hasStatus(200);
        List<String> requests = IntStream.range(0, SYMBOLS)
            .mapToObj((symbol) -> sample.deepCopy().put("symbol", "S" + symbol).toString())
            .toList();

        List<JsonNode> answers = experiments.trade(requests, (answer) -> 0.001);

        assertThat(answers.stream().map((answer) -> answer.at("/variant").asString()).distinct())
            .containsExactlyInAnyOrder("control", "treatment");
        Eventually.isSo(() -> samples(experiments.analyze(model.name())) == SYMBOLS);
        Answer stopped = experiments.stop(model.name());
        assertThat(stopped).hasStatus(200);
        assertThat(samples(stopped.json())).isEqualTo(SYMBOLS);
    }

    private static int samples(JsonNode analysis) {
        return analysis.at("/variants").valueStream().mapToInt((variant) -> variant.at("/samples").asInt()).sum();
    }

    /** What the server says should be sent to the version that is bundled. */
    private static ObjectNode sample(BundledModel model) {
        Answer sample = client.get("/api/ml/models/%s/versions/%s/sample".formatted(model.name(), model.first()));
        assertThat(sample).hasStatus(200);
        return sample.json().asObject();
    }

    private static void assertSame(JsonNode actual, JsonNode expected) {
        expected.forEachEntry((field, value) -> {
            if (value.isNumber()) {
                assertThat(actual.path(field).asDouble()).as(field).isEqualTo(value.asDouble(), ROUNDING);
            }
            else if (value.isString()) {
                assertThat(actual.path(field)).as(field).isEqualTo(value);
            }
        });
    }

}
