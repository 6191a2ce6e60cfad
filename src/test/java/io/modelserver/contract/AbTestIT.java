package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Experiments through HTTP. Each test has a model of its own: 1 and 3 say BUY where 4
 * says SELL, 3 fails on features above a million.
 */
class AbTestIT {

    private static final Path FILES = Path.of("src", "test", "resources", "torchscript");

    private static PackagedServer server;

    private static Client http;

    private static ExperimentClient experiments;

    private String model;

    @BeforeAll
    static void start() {
        server = PackagedServer.withoutModels("--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=2", "--modelserver.experiment.refresh=100ms",
                "--modelserver.experiment.look=100ms");
        http = server.client();
        experiments = new ExperimentClient(http);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void makeAModel(TestInfo test) throws IOException {
        model = test.getTestMethod().orElseThrow().getName() + Integer.toHexString(test.getDisplayName().hashCode());
        Path folder = server.models().resolve(model);
        PackagedServer.copy(FILES.resolve("tuple"), folder.resolve("1"));
        PackagedServer.copy(FILES.resolve("poison"), folder.resolve("3"));
        PackagedServer.copy(FILES.resolve("scale"), folder.resolve("4"));
        PackagedServer.copy(FILES.resolve("raw_lob"), folder.resolve("5"));
        Files.writeString(folder.resolve(".production"), "1\n");
        assertThat(http.post("/api/ml/models/%s/reload".formatted(model))).hasStatus(200);
    }

    @Test
    void theBodyOfTheContractStartsAnExperimentThatAssignsAnalysesAndStops() {
        Answer created = experiments.create("""
                { "experiment_id": "%1$s", "control_model_name": "%1$s", "control_model_version": "1",
                  "treatment_model_name": "%1$s", "treatment_model_version": "4", "control_traffic": 0.5,
                  "treatment_traffic": 0.5, "duration_hours": 24, "min_samples": 100, "assign_by": "symbol" }"""
            .formatted(model));

        assertThat(created).hasStatus(200);
        assertThat(created.json().at("/status").asString()).isEqualTo("running");
        assertThat(http.get("/health").json().at("/active_experiments").valueStream().map(JsonNode::asString))
            .contains(model);
        List<JsonNode> answers = experiments.trade(requests(40, "S"), (answer) -> -0.01);
        assertThat(answers).allSatisfy((answer) -> {
            assertThat(answer.at("/experiment_id").asString()).isEqualTo(model);
            boolean control = answer.at("/variant").asString().equals("control");
            assertThat(answer.at("/model_version").asString()).isEqualTo(control ? "1" : "4");
            assertThat(answer.has("failed_variant")).isFalse();
        });
        assertThat(experiments.trade(requests(40, "S"), (answer) -> -0.01)).extracting(AbTestIT::variantOf)
            .isEqualTo(answers.stream().map(AbTestIT::variantOf).toList())
            .contains("control", "treatment");

        JsonNode analysis = experiments.analyze(model);
        assertThat(analysis.propertyNames()).contains("variants", "improvement", "statistical_significance",
                "recommendation");
        assertThat(analysis.at("/variants/0").propertyNames()).contains("samples", "outcomes", "accuracy", "precision",
                "recall", "f1_score", "win_rate", "avg_return", "sharpe_ratio", "total_pnl", "avg_latency_ms",
                "p95_latency_ms", "error_rate");
        JsonNode control = ExperimentClient.variant(analysis, "control");
        JsonNode treatment = ExperimentClient.variant(analysis, "treatment");
        assertThat(control.at("/samples").asInt() + treatment.at("/samples").asInt()).isEqualTo(80);
        assertThat(control.at("/accuracy").asDouble()).isZero();
        assertThat(treatment.at("/accuracy").asDouble()).isEqualTo(1);
        assertThat(analysis.at("/recommendation/action").asString()).isEqualTo("continue");
        assertThat(analysis.at("/recommendation/reasons").valueStream()).isNotEmpty();

        Answer stopped = experiments.stop(model);
        assertThat(stopped).hasStatus(200);
        assertThat(stopped.json().at("/status").asString()).isEqualTo("stopped");
        assertThat(Answer.fields(stopped.json())).isEqualTo(Answer.fields(analysis));
        assertThat(experiments.stop(model)).hasStatus(200);
        assertThat(predict("S1", "").at("/variant").isNull()).isTrue();
        assertThat(http.predict(request("S1", ",\"experiment_id\":\"%s\"".formatted(model)))).isProblem(404,
                "EXPERIMENT_NOT_FOUND");
        assertThat(http.get("/health").json().at("/active_experiments").valueStream().map(JsonNode::asString))
            .doesNotContain(model);
        assertThat(experiments.get(model).at("/end_reason").asString()).isEqualTo("stopped by local");
        assertThat(http.get("/api/ml/ab-test").json().valueStream().map((one) -> one.at("/experiment_id").asString()))
            .contains(model);
    }

    @Test
    void whoNamesAVersionOrAnExperimentGetsIt() {
        create("\"treatment_model_version\":\"4\",\"control_traffic\":0.001,\"treatment_traffic\":0.999");

        assertThat(variantOf(predict("S", ""))).isEqualTo("treatment");
        assertThat(variantOf(predict("S", ",\"model_version\":\"latest\""))).isEqualTo("treatment");
        assertThat(variantOf(predict("S", ",\"experiment_id\":\"%s\"".formatted(model)))).isEqualTo("treatment");
        JsonNode exact = predict("S", ",\"model_version\":\"1\"");
        assertThat(exact.at("/variant").isNull()).isTrue();
        assertThat(exact.at("/model_version").asString()).isEqualTo("1");
        assertThat(http.predict(request("S", ",\"experiment_id\":\"none\""))).isProblem(404, "EXPERIMENT_NOT_FOUND");
    }

    @Test
    void theRoutingKeyIsTheUnitWhereAnExperimentSaysSo() {
        create("\"treatment_model_version\":\"4\",\"control_traffic\":0.5,\"treatment_traffic\":0.5,"
                + "\"assign_by\":\"key\"");

        List<String> variants = IntStream.range(0, 40)
            .mapToObj((i) -> variantOf(predict("S", ",\"routing_key\":\"account-%d\"".formatted(i))))
            .toList();

        assertThat(variants).contains("control", "treatment");
        assertThat(IntStream.range(0, 40)
            .mapToObj((i) -> variantOf(predict("T" + i, ",\"routing_key\":\"account-%d\"".formatted(i))))
            .toList()).isEqualTo(variants);
    }

    @Test
    void controlAnswersWhereAVariantFailsAndThatIsCounted() {
        create("\"treatment_model_version\":\"3\",\"control_traffic\":0.001,\"treatment_traffic\":0.999");

        JsonNode answer = http.predict(request("S", "").replace("[1,", "[2e6,")).json();

        assertThat(variantOf(answer)).isEqualTo("control");
        assertThat(answer.at("/failed_variant").asString()).isEqualTo("treatment");
        assertThat(answer.at("/model_version").asString()).isEqualTo("1");
        predict("S", "");
        JsonNode treatment = ExperimentClient.variant(experiments.analyze(model), "treatment");
        assertThat(treatment.at("/samples").asInt()).isEqualTo(2);
        assertThat(treatment.at("/error_rate").asDouble()).isEqualTo(0.5);
        assertThat(http.get("/actuator/prometheus").body()).contains(
                "modelserver_experiment_assignments_total{experiment=\"%s\",outcome=\"failed_over\",variant=\"treatment\"} 1.0"
                    .formatted(model));
    }

    @Test
    void aShadowGetsCopiesAndNoTraffic() {
        assertThat(experiments.create("""
                { "experiment_id": "%1$s", "variants": [
                  { "name": "old", "model_name": "%1$s", "model_version": "1", "traffic": 1 },
                  { "name": "shade", "model_name": "%1$s", "model_version": "4", "traffic": 0, "shadow": true } ] }"""
            .formatted(model))).hasStatus(200);

        assertThat(experiments.trade(requests(20, "S"), (answer) -> -0.01)).extracting(AbTestIT::variantOf)
            .containsOnly("old");

        Eventually.isSo(() -> experiments.analyze(model).at("/shadows/0/pairs").asInt() == 20);
        JsonNode analysis = experiments.analyze(model);
        assertThat(analysis.at("/shadows/0/agreement_rate").asDouble()).isZero();
        assertThat(analysis.at("/shadows/0/avg_latency_ms").asDouble()).isPositive();
        assertThat(ExperimentClient.variant(analysis, "shade").at("/accuracy").asDouble()).isEqualTo(1);
    }

    @Test
    void aVersionUnderAnExperimentCanNotBeArchived() {
        create("\"treatment_model_version\":\"4\"");

        assertThat(stage("4", "ARCHIVED")).isProblem(409, "CONFLICT").tells("experiment");
        assertThat(stage("1", "NONE")).isProblem(409, "CONFLICT");

        experiments.stop(model);
        assertThat(stage("4", "ARCHIVED")).hasStatus(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "'treatment_model_version':'gone'|404|VERSION_NOT_FOUND|gone",
            "'treatment_model_name':'gone','treatment_model_version':'4'|404|MODEL_NOT_FOUND|gone",
            "'treatment_model_version':'5'|422|INVALID_REQUEST|same requests",
            "'treatment_model_version':'staging'|422|INVALID_REQUEST|STAGING",
            "'control_traffic':0.9|422|INVALID_REQUEST|treatment_model_version",
            "'treatment_model_version':'4','control_traffic':0.7,'treatment_traffic':0.7|422|INVALID_REQUEST|1.4",
            "'treatment_model_version':'4','duration_hours':0|422|INVALID_REQUEST|duration_hours",
            "'treatment_model_version':'4','duration_hours':'a'|400|MALFORMED_REQUEST|duration_hours: expected a number",
            "'treatment_model_version':'4','min_samples':0|422|INVALID_REQUEST|min_samples",
            "'treatment_model_version':'4','min_samples':1.9|400|MALFORMED_REQUEST|min_samples",
            "'treatment_model_version':'4','guardrails':{'max_error_rate_incraese':0.1}|422|INVALID_REQUEST|incraese",
            "'treatment_model_version':'4','assign_by':'luck'|422|INVALID_REQUEST|symbol",
            "'treatment_model_version':'4','outcome_horizon':'soon'|422|INVALID_REQUEST|15m",
            "'treatment_model_version':'4','outcome_horizon':'0s'|422|INVALID_REQUEST|outcome_horizon",
            "'treatment_model_version':'4','cost_bps':-1|422|INVALID_REQUEST|cost_bps",
            "'treatment_model_version':'4','on_verdict':'ask'|422|INVALID_REQUEST|report",
            "'variants':[]|422|INVALID_REQUEST|not both",
            "'treatment_model_version':'4','guardrails':{'max_p95_latency_ratio':0.5}|422|INVALID_REQUEST|guardrails" })
    void whatCanNotBeRunIsRefused(String fields, int status, String code, String told) {
        Answer answer = experiments
            .create("{\"experiment_id\":\"%s\",\"control_model_name\":\"%s\",\"control_model_version\":\"1\",%s}"
                .formatted(model, model, fields.replace('\'', '"')));

        assertThat(answer).isProblem(status, code).tells(told);
        assertThat(http.get("/api/ml/ab-test/" + model)).isProblem(404, "EXPERIMENT_NOT_FOUND");
    }

    @Test
    void oneExperimentRunsOnAModelAndIdsAreUsedOnce() {
        create("\"treatment_model_version\":\"4\"");
        String second = "{\"experiment_id\":\"%s-2\",\"control_model_name\":\"%s\",\"treatment_model_version\":\"3\"}"
            .formatted(model, model);

        assertThat(experiments.create(second.replace("-2", ""))).isProblem(409, "EXPERIMENT_EXISTS");
        assertThat(experiments.create(second)).isProblem(409, "EXPERIMENT_EXISTS");
        experiments.stop(model);
        assertThat(experiments.create(second.replace("-2", ""))).isProblem(409, "EXPERIMENT_EXISTS");
        assertThat(experiments.create(second)).hasStatus(200);
    }

    @Test
    void anExperimentEndsByItself() {
        create("\"treatment_model_version\":\"4\",\"duration_hours\":0.0001,\"outcome_horizon\":\"1s\"");

        Eventually.isSo(() -> experiments.get(model).at("/status").asString().equals("finished"));
        Eventually.isSo(() -> experiments.analyze(model).at("/final_look").asBoolean());

        assertThat(experiments.get(model).at("/ended_at").asString())
            .isEqualTo(experiments.get(model).at("/ends_at").asString());
        assertThat(experiments.analyze(model).at("/statistical_significance/method").asString())
            .isEqualTo("Welch's t-test");
    }

    @Test
    void aVerdictIsAppliedWhereThatWasAskedFor() {
        create("\"treatment_model_version\":\"4\",\"control_traffic\":0.5,\"treatment_traffic\":0.5,"
                + "\"on_verdict\":\"apply\",\"assign_by\":\"symbol\",\"outcome_horizon\":\"15m\"");
        Random random = new Random(1);

        for (int i = 0; i < 15; i++) {
            experiments.trade(requestsOfHour(i, 100, "S"), (answer) -> -0.01 + 0.01 * random.nextGaussian());
        }

        Eventually.isSo(() -> experiments.get(model).at("/status").asString().equals("concluded"));
        assertThat(experiments.get(model).at("/end_reason").asString()).startsWith(model + ":4 was promoted");
        assertThat(predict("S", "").at("/model_version").asString()).isEqualTo("4");
        assertThat(server.models().resolve(model).resolve("history.jsonl")).content()
            .contains("\"who\":\"experiment " + model + "\"");
    }

    @Test
    void aBetterShadowIsPromotedWhereThatWasAskedFor() {
        assertThat(experiments
            .create("""
                    { "experiment_id": "%1$s", "on_verdict": "apply", "outcome_horizon": "15m", "cost_bps": 2.5, "variants": [
                      { "name": "old", "model_name": "%1$s", "model_version": "1", "traffic": 1 },
                      { "name": "shade", "model_name": "%1$s", "model_version": "4", "traffic": 0, "shadow": true } ] }"""
                .formatted(model)))
            .hasStatus(200);
        Random random = new Random(1);

        for (int i = 0; i < 15; i++) {
            experiments.trade(requestsOfHour(i, 20, "S"), (answer) -> -0.01 + 0.01 * random.nextGaussian());
        }

        Eventually.isSo(() -> experiments.get(model).at("/status").asString().equals("concluded"));
        assertThat(experiments.get(model).at("/end_reason").asString()).startsWith(model + ":4 was promoted")
            .contains("the shadow shade has a mean return of");
        JsonNode comparison = experiments.analyze(model).at("/comparisons/0");
        assertThat(comparison.at("/design").asString()).isEqualTo("paired");
        assertThat(comparison.at("/finding").asString()).isEqualTo("better");
        assertThat(comparison.at("/agreement_rate").asDouble()).isZero();
        assertThat(comparison.at("/time_blocks").asInt()).isGreaterThanOrEqualTo(10);
        assertThat(comparison.at("/avg_return/significance/significant").asBoolean()).isTrue();
        assertThat(comparison.at("/gross_return/difference").asDouble()).isPositive();
        assertThat(predict("S", "").at("/model_version").asString()).isEqualTo("4");
    }

    @Test
    void whatCanNeverBeJudgedIsSaidWhenItIsCreated() {
        Answer created = experiments
            .create("{\"experiment_id\":\"%1$s\",\"control_model_name\":\"%1$s\",\"treatment_model_version\":\"4\"}"
                .formatted(model));

        assertThat(created).hasStatus(200);
        assertThat(created.json().at("/warnings").valueStream().map(JsonNode::asString)).singleElement()
            .asString()
            .startsWith("it runs for 24 h, which is less than the 10 time blocks of 4 h that a verdict needs")
            .contains("outcome_horizon", "closed_at");
        assertThat(experiments.get(model).has("warnings")).isFalse();
    }

    @Test
    void aMisspeltPropertyIsIgnoredAndToldWhenItIsCreated() {
        Answer created = experiments
            .create(("{\"experiment_id\":\"%1$s\",\"control_model_name\":\"%1$s\",\"treatment_model_version\":\"4\","
                    + "\"control_trafic\":0.5}")
                .formatted(model));

        assertThat(created).hasStatus(200);
        assertThat(created.json().at("/warnings/0").asString())
            .isEqualTo("control_trafic is not a property of an experiment and was ignored");
        assertThat(created.json().at("/treatment_traffic").asDouble()).isEqualTo(0.1);
    }

    @Test
    void anAnalysisIsNotSignificantWhileItIsWithheldAndHasItsVariantsAsObjects() {
        create("\"treatment_model_version\":\"4\",\"control_traffic\":0.5,\"treatment_traffic\":0.5,"
                + "\"outcome_horizon\":\"15m\"");
        Random random = new Random(1);
        for (int i = 0; i < 9; i++) {
            experiments.trade(requestsOfHour(i, 40, "S"), (answer) -> -0.01 + 0.001 * random.nextGaussian());
        }

        JsonNode analysis = experiments.analyze(model);

        assertThat(analysis.at("/comparisons/0/finding").asString()).isEqualTo("withheld");
        assertThat(analysis.at("/comparisons/0/avg_return/significance/p_value").asDouble()).isLessThan(0.01);
        assertThat(analysis.at("/comparisons/0/avg_return/significance/significant").asBoolean()).isFalse();
        assertThat(analysis.at("/statistical_significance/significant").asBoolean()).isFalse();
        assertThat(analysis.at("/control/model").asString()).isEqualTo(model + ":1");
        assertThat(analysis.at("/treatment/model").asString()).isEqualTo(model + ":4");
        assertThat(analysis.at("/control")).isEqualTo(analysis.at("/variants/0"));
        assertThat(analysis.at("/treatment")).isEqualTo(analysis.at("/variants/1"));
        assertThat(analysis.at("/coverage/0/variant").asString()).isEqualTo("control");
        assertThat(analysis.at("/coverage/0/share").asDouble()).isEqualTo(1);
        assertThat(analysis.at("/coverage/0/buy/outcomes").asInt()).isEqualTo(analysis.at("/control/outcomes").asInt());
        assertThat(analysis.at("/outcome_horizon").asString()).isEqualTo("15m");
        assertThat(analysis.at("/time_block").asString()).isEqualTo("1h");
        assertThat(analysis.at("/final_look").asBoolean()).isFalse();
    }

    @Test
    void aBreachedGuardrailTakesTheTreatmentOut() {
        create("\"treatment_model_version\":\"3\",\"control_traffic\":0.5,\"treatment_traffic\":0.5,"
                + "\"on_verdict\":\"apply\",\"guardrails\":{\"max_error_rate_increase\":0.05}");
        List<String> poisoned = requests(100, "S").stream().map((request) -> request.replace("[1,", "[2e6,")).toList();

        for (int i = 0; i < 4; i++) {
            experiments.trade(poisoned, (answer) -> 0.01);
        }

        Eventually.isSo(() -> experiments.get(model).at("/status").asString().equals("concluded"));
        assertThat(experiments.get(model).at("/end_reason").asString()).contains("treatment was taken out",
                "failed on");
        assertThat(predict("S", "").at("/model_version").asString()).isEqualTo("1");
    }

    @Test
    void thePredictionsOfAnExperimentCanBeTakenHome() {
        create("\"treatment_model_version\":\"4\"");
        experiments.trade(requests(10, "S"), (answer) -> 0.02);

        Answer csv = http.get("/api/ml/ledger/predictions?model=%s&format=csv".formatted(model));
        Answer lines = http.get("/api/ml/ledger/predictions?model=%s&format=jsonl&from=2026-01-01".formatted(model));

        assertThat(csv).hasStatus(200);
        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.body().lines()).hasSize(11)
            .first()
            .asString()
            .startsWith("prediction_id,made_at,symbol,model_name,model_version,experiment_id,variant");
        assertThat(lines.body().lines()).hasSize(10).allSatisfy((line) -> {
            JsonNode row = Answer.JSON.readTree(line);
            assertThat(row.at("/actual_return").asDouble()).isEqualTo(0.02);
            assertThat(row.at("/experiment_id").asString()).isEqualTo(model);
        });
        assertThat(http.get("/api/ml/ledger/predictions?format=xml")).isProblem(422, "INVALID_REQUEST");
        assertThat(http.get("/api/ml/ledger/predictions?to=never")).isProblem(422, "INVALID_REQUEST");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = { "{}|422|prediction_id", "5|422|expected an object",
            "[null]|422|expected an object", "{'prediction_id':'1-1-1-1-1','actual_return':0}|422|prediction_id",
            "{'prediction_id':'019b7b2e-4c5e-7a10-8000-3f2a61c0d9e4','actual_return':'0'}|422|actual_return",
            "{'prediction_id':'019b7b2e-4c5e-7a10-8000-3f2a61c0d9e4','actual_return':1e300}|422|actual_return",
            "{'prediction_id':'019b7b2e-4c5e-7a10-8000-3f2a61c0d9e4','actual_return':0,'closed_at':1}|422|closed_at",
            "{'prediction_id':'019b7b2e-4c5e-7a10-8000-3f2a61c0d9e4','actual_return':0}|404|nothing was stored",
            "{'prediction_id':|400|not valid JSON", "{'prediction_id':1,'prediction_id':2}|400|prediction_id" })
    void anOutcomeThatCanNotBeStoredIsRefused(String body, int status, String told) {
        Answer answer = http.post("/api/ml/outcomes", body.replace('\'', '"'));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(told);
    }

    private void create(String fields) {
        assertThat(experiments
            .create("{\"experiment_id\":\"%s\",\"control_model_name\":\"%s\",%s}".formatted(model, model, fields)))
            .hasStatus(200);
    }

    private JsonNode predict(String symbol, String more) {
        Answer answer = http.predict(request(symbol, more));
        assertThat(answer).hasStatus(200);
        return answer.json();
    }

    private List<String> requests(int count, String symbol) {
        return IntStream.range(0, count).mapToObj((i) -> request(symbol + i, "")).toList();
    }

    /** As if they were sent one a minute or more in an hour of their own. */
    private List<String> requestsOfHour(int hour, int count, String symbol) {
        Instant start = Instant.parse("2026-01-02T00:00:00Z").plus(Duration.ofHours(hour));
        return IntStream.range(0, count)
            .mapToObj((i) -> request(symbol + i, ",\"timestamp\":\"%s\"".formatted(start.plusSeconds(30L * i))))
            .toList();
    }

    private String request(String symbol, String more) {
        return "{\"symbol\":\"%s\",\"model_name\":\"%s\",\"features\":[1,2,3,4,5,6,7,8,9,10,11,12]%s}".formatted(symbol,
                model, more);
    }

    private static Answer stage(String model, String version, String stage) {
        return http.post("/api/ml/models/%s/versions/%s/stage".formatted(model, version),
                "{\"stage\":\"%s\"}".formatted(stage));
    }

    private Answer stage(String version, String stage) {
        return stage(model, version, stage);
    }

    private static String variantOf(JsonNode answer) {
        return answer.at("/variant").asString("");
    }

}
