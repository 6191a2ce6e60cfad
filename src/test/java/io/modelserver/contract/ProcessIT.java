package io.modelserver.contract;

import java.io.IOException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator sees who starts and stops the packaged server. */
@ExtendWith(SharedServer.class)
class ProcessIT {

    private static PackagedServer empty;

    private final GoldenSample sample = GoldenSample.inProduction();

    @BeforeAll
    static void startWithoutModels() {
        empty = PackagedServer.withoutModels("--modelserver.web.max-body-size=990000B");
    }

    @AfterAll
    static void stop() {
        empty.close();
    }

    @Test
    void aServerWithoutModelsSaysSoAndRecoversWithoutRestart() throws IOException {
        Client bot = empty.client();

        for (String path : new String[] { "/health", "/api/ml/health" }) {
            Answer health = bot.get(path);
            assertThat(health).hasStatus(503);
            assertThat(health.json().at("/status").asString()).isEqualTo("unhealthy");
            assertThat(health.json().at("/models_loaded").asInt(-1)).isZero();
        }
        for (String path : new String[] { "/predict", "/api/ml/predict" }) {
            Answer refused = bot.post(path, sample.request().toString());
            assertThat(refused).isProblem(503, "NO_PRODUCTION_MODEL").tells("hybrid_cnn_lstm", "promote");
            assertThat(refused.header("Retry-After")).matches("[0-9]+");
        }
        assertThat(bot.get("/actuator/health/readiness")).hasStatus(503);
        assertThat(bot.get("/actuator/health/liveness")).hasStatus(200);
        assertThat(bot.get("/api/ml/models").body()).isEqualTo("[]");

        PackagedServer.copyClassifier(empty.models());
        assertThat(bot.post("/api/ml/models/hybrid_cnn_lstm/reload")).hasStatus(200);

        assertThat(bot.predict(sample.request().toString())).hasStatus(200);
        assertThat(bot.get("/health").json().at("/status").asString()).isEqualTo("healthy");
        assertThat(bot.get("/actuator/health/readiness")).hasStatus(200);
    }

    @Test
    void theBodyLimitCanBeSetAndHoldsForAMillionChunksOfOneByte() throws IOException {
        try (RawConnection connection = new RawConnection(empty.port())) {
            connection.send("""
                    POST /predict HTTP/1.1\r
                    Host: localhost\r
                    Content-Type: application/json\r
                    Transfer-Encoding: chunked\r
                    Connection: close\r
                    \r
                    """);
            connection.send("1\r\n \r\n".repeat(1_000_000) + "0\r\n\r\n");

            assertThat(connection.answer()).isBareProblem(413).tells("990000");
        }
    }

    @Test
    void aSecondServerOnTheSamePortSaysSoInOneLineAndEnds(PackagedServer first) {
        try (PackagedServer second = PackagedServer.on(first.port())) {
            assertThat(second.exitCode()).isNotZero();

            assertThat(second.output().lines()).singleElement()
                .asString()
                .contains(Integer.toString(first.port()), "in use");
            assertThat(first.client().get("/health")).hasStatus(200);
        }
    }

    @Test
    void aServerThatIsToldToStopEndsWithoutComplaint() {
        try (PackagedServer server = PackagedServer.on(new Host())) {
            assertThat(server.client().predict(sample.request().toString())).hasStatus(200);

            assertThat(server.stop()).isIn(0, 143);
            assertThat(server.output()).doesNotContain(" ERROR ", "Exception");
        }
    }

}
