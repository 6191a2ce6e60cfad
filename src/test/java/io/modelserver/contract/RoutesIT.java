package io.modelserver.contract;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Bots name no model; BTC* is routed to bitcoin, its hours to hourly. */
class RoutesIT {

    private static PackagedServer server;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, "small");
            SmallModel.in(models, "bitcoin");
            Files.writeString(SmallModel.in(models, "hourly").marker("production"), SmallModel.SECOND + "\n");
        }, "--modelserver.default-model=small", "--modelserver.routes[0].symbols=*",
                "--modelserver.routes[0].timeframes=99m", "--modelserver.routes[0].model=small",
                "--modelserver.routes[1].symbols=BTC*,XBT", "--modelserver.routes[1].model=bitcoin",
                "--modelserver.routes[2].symbols=BTC*", "--modelserver.routes[2].timeframes=1h,4h",
                "--modelserver.routes[2].model=hourly", "--modelserver.routes[3].symbols=GONE",
                "--modelserver.routes[3].model=late");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({ "BTCUSDT, , bitcoin", "BTCUSDT, 60m, hourly", "BTCUSDT, 1m, bitcoin", "XBT, 1h, bitcoin",
            "btcusdt, , small", "ETHUSDT, 1h, small", "ETHUSDT, 99m, small" })
    void aBotThatNamesNoModelGetsThatOfItsSymbol(String symbol, String timeframe, String model) {
        ObjectNode request = request(symbol);
        if (timeframe != null) {
            request.put("timeframe", timeframe);
        }

        for (String path : new String[] { "/predict", "/api/ml/predict" }) {
            assertThat(server.client().post(path, request.toString()).json().path("model_name").asString())
                .isEqualTo(model);
        }
        assertThat(server.client()
            .post("/predict", request.put("model_name", "small").toString())
            .json()
            .path("model_name")
            .asString()).isEqualTo("small");
    }

    @Test
    void ofABatchEachRequestGoesToTheModelOfItsSymbol() {
        ObjectNode batch = Answer.JSON.createObjectNode();
        ArrayNode requests = batch.putArray("requests");
        requests.add(request("BTCUSDT")).add(request("ETHUSDT")).add(request("GONE"));

        JsonNode results = server.client().post("/api/ml/predict/batch", batch.toString()).json().path("predictions");

        assertThat(results.path(0).path("model_name").asString()).isEqualTo("bitcoin");
        assertThat(results.path(1).path("model_name").asString()).isEqualTo("small");
        assertThat(results.path(2).path("error").path("code").asString()).isEqualTo("NO_PRODUCTION_MODEL");
    }

    @Test
    void operatorsSeeWhichModelAnswers() {
        JsonNode all = server.client().get("/api/ml/routes").json();

        assertThat(all.path("default_model").asString()).isEqualTo("small");
        assertThat(all.path("routes").findValuesAsString("model_name")).containsExactly("small", "bitcoin", "hourly",
                "late");
        assertThat(all.path("routes").path(2).path("timeframes")).hasToString("[\"1h\",\"4h\"]");
        assertThat(all.path("routes").path(2).path("model_version").asString()).isEqualTo(SmallModel.SECOND);
        assertThat(server.client()
            .get("/api/ml/routes?symbol=BTCUSDT&timeframe=4h")
            .json()
            .path("routes")
            .findValuesAsString("model_name")).containsExactly("hourly");
        JsonNode byDefault = server.client().get("/api/ml/routes?symbol=ETHUSDT").json();
        assertThat(byDefault.path("routes")).isEmpty();
        assertThat(byDefault.at("/answers/model_name").asString()).isEqualTo("small");
        assertThat(byDefault.at("/answers/model_version").asString())
            .isEqualTo(byDefault.path("default_model_version").asString());
        assertThat(byDefault.at("/answers/by_default").asBoolean()).isTrue();
    }

    @Test
    void aRouteToAModelThatIsNotThereIsToldUntilItIsDroppedIn() throws Exception {
        Client client = server.client();

        assertThat(server.output()).contains("modelserver.routes[3]", "'late'");
        assertThat(client.get("/health").json().toString()).contains("degraded", "modelserver.routes[3]");
        assertThat(
                client.get("/api/ml/routes?symbol=GONE").json().path("routes").path(0).path("model_version").isNull())
            .isTrue();
        assertThat(client.post("/predict", request("GONE").toString())).isProblem(503, "NO_PRODUCTION_MODEL")
            .tells("modelserver.routes[3]", "'GONE'", "'late'");
        ObjectNode history = Answer.JSON.createObjectNode();
        history.set("features", Answer.JSON.readTree("[[1,2,3],[4,5,6]]"));
        assertThat(client.send(client.request("/api/ml/windows/GONE")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(history.toString())))).isProblem(503, "NO_PRODUCTION_MODEL")
            .tells("modelserver.routes[3]");
        assertThat(client.send(client.request("/api/ml/windows/GONE?model_name=small")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(history.toString())))).hasStatus(200);

        SmallModel.in(server.models(), "late");
        assertThat(client.post("/api/ml/models/late/reload")).hasStatus(200);

        assertThat(client.post("/predict", request("GONE").toString()).json().path("model_name").asString())
            .isEqualTo("late");
        assertThat(client.get("/health").json().toString()).doesNotContain("modelserver.routes");
    }

    private static ObjectNode request(String symbol) {
        ObjectNode request = Answer.JSON.createObjectNode().put("symbol", symbol);
        request.set("features", Answer.JSON.readTree("[1,2,3,4,5,6,7,8,9,10,11,12]"));
        return request;
    }

}
