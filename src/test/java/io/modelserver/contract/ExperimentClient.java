package io.modelserver.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls a server as those do who run experiments. */
record ExperimentClient(Client http) {

    private static final String PATH = "/api/ml/ab-test";

    Answer create(String json) {
        return http.post(PATH + "/create", json);
    }

    JsonNode get(String id) {
        Answer answer = http.get(PATH + "/" + id);
        assertThat(answer).hasStatus(200);
        return answer.json();
    }

    JsonNode analyze(String id) {
        Answer answer = http.get(PATH + "/" + id + "/analyze");
        assertThat(answer).hasStatus(200);
        return answer.json();
    }

    Answer stop(String id) {
        return http.post(PATH + "/" + id + "/stop");
    }

    /** Sends requests in one batch and reports what happened after each answer. */
    List<JsonNode> trade(List<String> requests, ToDoubleFunction<JsonNode> actualReturn) {
        Answer batch = http.post("/api/ml/predict/batch", "{\"requests\":[%s]}".formatted(String.join(",", requests)));
        assertThat(batch).hasStatus(200);
        assertThat(batch.json().at("/failed").asInt()).isZero();
        List<JsonNode> answers = batch.json().at("/predictions").valueStream().toList();
        List<String> outcomes = new ArrayList<>();
        for (JsonNode answer : answers) {
            outcomes.add("{\"prediction_id\":%s,\"actual_return\":%s}".formatted(answer.at("/prediction_id"),
                    actualReturn.applyAsDouble(answer)));
        }
        Answer receipt = http.post("/api/ml/outcomes", "[%s]".formatted(String.join(",", outcomes)));
        assertThat(receipt).hasStatus(200);
        // The experiment may have come to its verdict meanwhile.
        assertThat(receipt.json().at("/stored").asInt() + receipt.json().at("/pending").asInt())
            .isEqualTo(answers.size());
        return answers;
    }

    static JsonNode variant(JsonNode analysis, String name) {
        return analysis.at("/variants")
            .valueStream()
            .filter((variant) -> variant.at("/name").asString().equals(name))
            .findFirst()
            .orElseThrow();
    }

}
