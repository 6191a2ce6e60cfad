package io.modelserver.contract;

import java.util.List;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.skyscreamer.jsonassert.JSONAssert;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What bots see of a batch. */
@ExtendWith(SharedServer.class)
class BatchIT {

    private static final String PATH = "/api/ml/predict/batch";

    private final GoldenSample sample = GoldenSample.inProduction();

    private final ObjectNode batch = Answer.JSON.createObjectNode();

    private final ArrayNode requests = batch.putArray("requests");

    private Client bot;

    @BeforeEach
    void call(PackagedServer server) {
        bot = server.client();
    }

    @Test
    void thereIsOneAnswerForEachRequestInTheirOrder() {
        GoldenSample.all()
            .forEach((golden) -> requests
                .add(golden.request().put("symbol", "S" + golden.number()).put("model_version", golden.version())));

        Answer answer = bot.post(PATH, batch.toString());

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().propertyNames()).containsExactly("predictions", "total_latency_ms", "succeeded",
                "failed");
        assertThat(answer.json().at("/total_latency_ms").asDouble()).isPositive();
        for (GoldenSample golden : GoldenSample.all()) {
            JsonNode entry = answer.json().at("/predictions").get(golden.number());
            assertThat(entry.at("/symbol").asString()).isEqualTo("S" + golden.number());
            assertThat(entry.at("/model_version").asString()).isEqualTo(golden.version());
            assertThat(entry.at("/prediction/confidence").asDouble())
                .isCloseTo(golden.outputs().at("/confidence/0").asDouble(), Offset.offset(1e-5));
        }
    }

    @Test
    void anEntryIsTheAnswerToASingleRequest() {
        requests.add(sample.request());

        JsonNode entry = bot.post(PATH, batch.toString()).json().at("/predictions/0");

        Answer single = bot.predict(sample.request().toString());
        assertThat(Answer.fields(entry)).containsExactlyElementsOf(single.fields());
        assertThat(entry.at("/prediction").toString()).isEqualTo(single.prediction());
    }

    @Test
    void aRequestThatFailsFailsAlone() throws Exception {
        requests.add(sample.request());
        requests.add(sample.request().put("symbol", "ETHUSDT").put("model_name", "gone"));
        requests.add(GoldenSample.request(Answer.JSON.readTree("[1,2,3]")));
        requests.add(sample.request().putNull("symbol"));
        requests.add(sample.request().put("model_version", "gone"));
        requests.add(sample.request().put("experiment_id", "gone"));
        requests.addNull();
        requests.add(7);
        requests.add(sample.request().put("symbol", "LAST"));

        Answer answer = bot.post(PATH, batch.toString());

        assertThat(answer).hasStatus(200);
        JSONAssert.assertEquals("""
                { "succeeded": 2, "failed": 7, "predictions": [
                  { "symbol": "BTCUSDT", "model_version": "20251114_192715" },
                  { "symbol": "ETHUSDT", "error": { "code": "MODEL_NOT_FOUND", "status": 404 } },
                  { "symbol": "BTCUSDT", "error": { "code": "INVALID_FEATURES", "status": 422 } },
                  { "symbol": null, "error": { "code": "INVALID_REQUEST", "status": 422 } },
                  { "symbol": "BTCUSDT", "error": { "code": "VERSION_NOT_FOUND", "status": 404 } },
                  { "symbol": "BTCUSDT", "error": { "code": "EXPERIMENT_NOT_FOUND", "status": 404 } },
                  { "symbol": null, "error": { "code": "MALFORMED_REQUEST", "status": 400 } },
                  { "symbol": null, "error": { "code": "MALFORMED_REQUEST", "status": 400 } },
                  { "symbol": "LAST", "model_version": "20251114_192715" } ] }""", answer.body(), false);
        assertThat(Answer.fields(answer.json().at("/predictions/1"))).containsExactly("symbol", "error", "error.code",
                "error.status", "error.detail");
        assertThat(answer.json().at("/predictions/2/error/detail").asString()).contains("3", "6600");
        assertThat(answer.json().at("/predictions/0/prediction"))
            .isEqualTo(answer.json().at("/predictions/8/prediction"));
    }

    @Test
    void anEmptyListIsAnsweredWithAnEmptyList() {
        Answer answer = bot.post(PATH, batch.toString());

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/predictions").isArray()).isTrue();
        assertThat(answer.json().at("/predictions")).isEmpty();
        assertThat(answer.json().at("/succeeded").asInt(-1)).isZero();
        assertThat(answer.json().at("/failed").asInt(-1)).isZero();
    }

    @Test
    void aBatchUpToTheLimitIsAnsweredAndALongerOneIsTooLarge() {
        for (int i = 0; i < 128; i++) {
            requests.addObject().put("symbol", "S" + i);
        }
        assertThat(bot.post(PATH, batch.toString()).json().at("/predictions")).hasSize(128);

        requests.addObject();

        assertThat(bot.post(PATH, batch.toString())).isProblem(413, "PAYLOAD_TOO_LARGE").tells("128");
    }

    @ParameterizedTest
    @ValueSource(strings = { "1", "2", "32", "1000000", "99999999999999999999", "null" })
    void theBatchSizeIsCappedAndChangesNoAnswer(String maxBatchSize) {
        for (int i = 0; i < 5; i++) {
            requests.add(sample.request().put("symbol", "S" + i));
        }
        batch.set("max_batch_size", Answer.JSON.readTree(maxBatchSize));

        Answer answer = bot.post(PATH, batch.toString());

        assertThat(answer).hasStatus(200);
        assertThat(answer.json().at("/succeeded").asInt()).isEqualTo(5);
        assertThat(answer.json().at("/predictions").valueStream().map((entry) -> entry.at("/symbol").asString()))
            .containsExactlyElementsOf(List.of("S0", "S1", "S2", "S3", "S4"));
    }

    @ParameterizedTest
    @CsvSource({ "0, 422, INVALID_REQUEST", "-1, 422, INVALID_REQUEST", "'\"32\"', 400, MALFORMED_REQUEST",
            "1.5, 400, MALFORMED_REQUEST" })
    void aBatchSizeThatIsNoneIsRefused(String maxBatchSize, int status, String code) {
        batch.set("max_batch_size", Answer.JSON.readTree(maxBatchSize));

        assertThat(bot.post(PATH, batch.toString())).isProblem(status, code).tells("max_batch_size");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "{}|422|INVALID_REQUEST", "{\"requests\": {}}|400|MALFORMED_REQUEST",
            "{\"requests\": \"x\"}|400|MALFORMED_REQUEST" })
    void aBatchWithoutAListIsRefused(String body, int status, String code) {
        assertThat(bot.post(PATH, body)).isProblem(status, code).tells("requests");
    }

}
