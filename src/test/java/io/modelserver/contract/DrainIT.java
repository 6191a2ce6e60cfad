package io.modelserver.contract;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

class DrainIT {

    @Test
    @Timeout(600)
    void aServerThatDrainsIsNotReadyAndGoesOnServing() throws IOException {
        String request = GoldenSample.inProduction().request().toString();
        try (PackagedServer server = PackagedServer.withModels("--modelserver.shutdown.drain=10s",
                "--modelserver.prediction.deadline=20s")) {
            Client bot = server.client();
            assertThat(bot.predict(request).header("Connection")).isEmpty();

            server.terminate();
            while (bot.get("/actuator/health/readiness").status() == 200) {
                Thread.onSpinWait();
            }

            Answer answer = bot.predict(request);
            assertThat(answer).hasStatus(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(bot.get("/health")).hasStatus(200);
            assertThat(server.exitCode()).isIn(0, 143);
        }
    }

    @Test
    @Timeout(600)
    void aServerThatDrainsCanStillLoadAVersionWithOnnxRuntime() {
        try (PackagedServer server = PackagedServer.withModels("--modelserver.shutdown.drain=10s",
                "--modelserver.inference.engine=onnxruntime")) {
            Client operator = server.client();
            server.terminate();
            while (operator.get("/actuator/health/readiness").status() == 200) {
                Thread.onSpinWait();
            }

            assertThat(operator.post("/api/ml/models/hybrid_cnn_lstm/reload")).hasStatus(200);
            assertThat(operator.predict(GoldenSample.inProduction().request().toString())).hasStatus(200);
            assertThat(server.exitCode()).isIn(0, 143);
        }
    }

}
