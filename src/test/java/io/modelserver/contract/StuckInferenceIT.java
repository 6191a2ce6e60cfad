package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A model that never returns on one input takes nothing else with it, until it has had
 * every instance.
 */
class StuckInferenceIT {

    private static final String GOOD = "{\"symbol\":\"A\",\"features\":[0,0,0,0,0,0,0,0,0,0,0,1]}";

    private static final String ENDLESS = "{\"symbol\":\"B\",\"features\":[2e6,0,0,0,0,0,0,0,0,0,0,1]}";

    @Test
    void aPassThatNeverEndsIsGivenUpAndItsInstanceReplacedUntilNoneIsLeft() throws IOException {
        try (PackagedServer server = PackagedServer.withoutModels("--modelserver.default-model=endless",
                "--modelserver.inference.instances=1", "--modelserver.inference.longest-pass=2s",
                "--modelserver.prediction.deadline=60s", "--modelserver.batching.max-batch-size=2")) {
            Client bot = server.client();
            PackagedServer.copy(Damage.TEST_MODELS.resolve("endless"), server.models().resolve("endless").resolve("1"));
            Files.writeString(server.models().resolve("endless").resolve(".production"), "1");
            assertThat(bot.post("/api/ml/models/endless/reload")).hasStatus(200);
            String before = bot.predict(GOOD).prediction();

            assertThat(bot.predict(ENDLESS)).isProblem(504, "DEADLINE_EXCEEDED").tells("2000 ms");

            assertThat(bot.predict(GOOD).prediction()).isEqualTo(before);
            Answer health = bot.get("/health");
            assertThat(health).hasStatus(200);
            assertThat(health.json().at("/status").asString()).isEqualTo("degraded");
            assertThat(health.json().at("/problems/0").asString()).contains("endless:1", "hang");
            assertThat(bot.get("/actuator/health/liveness")).hasStatus(200);

            assertThat(bot.predict(ENDLESS)).isProblem(504, "DEADLINE_EXCEEDED");

            assertThat(bot.predict(GOOD)).isProblem(503, "OVERLOADED").tells("hang");
            assertThat(bot.get("/health")).hasStatus(503);
            assertThat(bot.get("/actuator/health/liveness")).hasStatus(503);

            PackagedServer.copy(Damage.TEST_MODELS.resolve("tuple"), server.models().resolve("endless").resolve("2"));
            assertThat(bot.post("/api/ml/models/endless/versions/2/stage", "{\"stage\":\"PRODUCTION\"}"))
                .hasStatus(200);

            assertThat(bot.predict(GOOD)).hasStatus(200);
            assertThat(bot.get("/actuator/health/liveness")).hasStatus(200);
            assertThat(bot.get("/health").json().at("/status").asString()).isEqualTo("degraded");
            assertThat(bot.get("/health").body()).contains("endless:1 no longer answers, but hangs");
        }
    }

}
