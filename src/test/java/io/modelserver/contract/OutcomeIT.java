package io.modelserver.contract;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told of what happened, and what can be taken home of it. */
class OutcomeIT {

    private static PackagedServer server;

    private static Client http;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> SmallModel.in(models, "small"),
                "--modelserver.default-model=small", "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=2");
        http = server.client();
        assertThat(new ExperimentClient(http).create("{\"experiment_id\":\"e\",\"variants\":["
                + "{\"name\":\"control\",\"model_name\":\"small\",\"model_version\":\"1\",\"traffic\":1},"
                + "{\"name\":\"shade\",\"model_name\":\"small\",\"model_version\":\"2\",\"traffic\":0,\"shadow\":true}]}"))
            .hasStatus(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void anOutcomeThatCanNotHaveBeenIsRefusedAndNothingIsStored() {
        String id = predict("");
        for (String impossible : List.of("\"actual_return\":-1.5", "\"actual_return\":-120", "\"actual_return\":1e6",
                "\"actual_return\":0,\"fee\":-1", "\"actual_return\":0,\"closed_at\":\"2001-01-01T00:00:00Z\"",
                "\"actual_return\":0,\"closed_at\":\"2999-01-01T00:00:00Z\"")) {
            Answer answer = http.post("/api/ml/outcomes",
                    "[%s,%s]".formatted(outcome(predict(""), "\"actual_return\":0"), outcome(id, impossible)));

            assertThat(answer).as(impossible).isProblem(422, "INVALID_REQUEST");
            assertThat(answer.body()).contains("[1].");
        }
        assertThat(rowsOf(id)).first().satisfies((row) -> assertThat(row.at("/actual_return").isNull()).isTrue());
    }

    @Test
    void aReplayIsOfTheTimeThatItsRequestsTellAndItsShadowToo() {
        String id = predict(",\"timestamp\":\"2024-05-06T07:08:09.010Z\"");
        String first = outcome(id, "\"actual_return\":0.01,\"fee\":0.001,\"closed_at\":\"2024-05-06T07:18:09Z\"");
        JsonNode receipt = http.post("/api/ml/outcomes", first).json();
        assertThat(receipt.at("/stored").asInt() + receipt.at("/pending").asInt()).isEqualTo(1);
        Eventually.isSo(() -> rowsOf(id).size() == 2 && rowsOf(id).getLast().at("/actual_return").asDouble() == 0.01);

        List<JsonNode> rows = rowsOf(id);

        assertThat(rows).extracting((row) -> row.at("/shadow").asBoolean()).containsExactly(false, true);
        assertThat(rows).extracting((row) -> row.at("/variant").asString()).containsExactly("control", "shade");
        assertThat(rows).extracting((row) -> row.at("/model_version").asString()).containsExactly("1", "2");
        assertThat(rows).allSatisfy((row) -> {
            assertThat(row.at("/event_time").asString()).isEqualTo("2024-05-06T07:08:09.010Z");
            assertThat(row.at("/fee").asDouble()).isEqualTo(0.001);
            assertThat(row.at("/closed_at").asString()).startsWith("2024-05-06T07:18:09");
        });
        JsonNode other = http.post("/api/ml/outcomes", outcome(id, "\"actual_return\":0.02")).json();
        assertThat(other.at("/repeated").asInt()).isEqualTo(1);
        assertThat(other.at("/differing/0").asString()).isEqualTo(id);
        assertThat(http.post("/api/ml/outcomes", first).json().at("/differing").isEmpty()).isTrue();
    }

    @Test
    void aTimeThatCanNotBeCountsForNothing() {
        String id = predict(",\"timestamp\":\"2999-01-01T00:00:00Z\"");
        Eventually.isSo(() -> !rowsOf(id).isEmpty());

        assertThat(Instant.parse(rowsOf(id).getFirst().at("/event_time").asString()))
            .isBefore(Instant.now().plusSeconds(60));
    }

    @Test
    void theOldColumnsOfTheExportStayWhereTheyWere() {
        assertThat(http.get("/api/ml/ledger/predictions").body().lines().findFirst()).hasValue(
                "prediction_id,made_at,symbol,model_name,model_version,experiment_id,variant,unit,failed,direction,"
                        + "confidence,expected_return,latency_ms,actual_return,closed_at,event_time,fee,shadow");
    }

    @Test
    void anExportOfNoTimeIsRefused() {
        assertThat(http.get("/api/ml/ledger/predictions?from=2026-02-01&to=2026-01-01"))
            .isProblem(422, "INVALID_REQUEST")
            .tells("to", "after from");
    }

    private static String predict(String more) {
        Answer answer = http.predict("{\"symbol\":\"S\",\"features\":[1,2,3,4,5,6,7,8,9,10,11,12]%s}".formatted(more));
        assertThat(answer).hasStatus(200);
        return answer.json().at("/prediction_id").asString();
    }

    private static String outcome(String id, String fields) {
        return "{\"prediction_id\":\"%s\",%s}".formatted(id, fields);
    }

    private static List<JsonNode> rowsOf(String id) {
        Answer answer = http.get("/api/ml/ledger/predictions?format=jsonl");
        assertThat(answer).hasStatus(200);
        return answer.body()
            .lines()
            .map(Answer.JSON::readTree)
            .filter((row) -> row.at("/prediction_id").asString().equals(id))
            .toList();
    }

}
