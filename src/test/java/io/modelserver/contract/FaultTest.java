package io.modelserver.contract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;

/** After each fault the server is well and answers as it did before. */
abstract class FaultTest {

    final GoldenSample sample = GoldenSample.inProduction();

    Client bot;

    int port;

    private String before;

    @BeforeEach
    void predict(PackagedServer server) {
        bot = server.client();
        port = server.port();
        before = bot.predict(sample.request().toString()).prediction();
    }

    @AfterEach
    void theServerIsWellAndAnswersAsBefore() {
        assertThat(bot.get("/health")).hasStatus(200);
        assertThat(bot.predict(sample.request().toString()).prediction()).isEqualTo(before).contains("direction");
    }

}
