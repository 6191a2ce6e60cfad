package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Models that crash or hang natively on their golden sample. */
class CrashingModelIT {

    private static final String GOOD = "{\"symbol\":\"A\",\"features\":[0,0,0,0,0,0,0,0,0,0,0,1]}";

    private static final String[] SETTINGS = { "--modelserver.default-model=m",
            "--modelserver.batching.max-batch-size=2" };

    @Test
    void aTrialInAProcessOfItsOwnRejectsThem() throws IOException {
        try (PackagedServer server = server("--modelserver.registry.trial=child")) {
            Client operator = server.client();
            assertThat(operator.post("/api/ml/models/m/reload")).hasStatus(200);
            String before = operator.predict(GOOD).prediction();

            assertThat(promote(operator, "crash")).isProblem(409, "MODEL_REJECTED").tells("crashes", "signal");

            assertThat(operator.predict(GOOD).prediction()).isEqualTo(before);
            assertThat(operator.get("/api/ml/models/m").body()).contains("ended with signal");
            assertThat(promote(operator, "tuple")).hasStatus(200);
        }
    }

    /**
     * It is tried because it was being loaded when the server was killed: all others are
     * not, so that the limit may be as short as a slow machine is slow.
     */
    @Test
    void aTrialThatDoesNotEndIsEnded() throws IOException {
        PackagedServer server = server();
        Client before = server.client();
        assertThat(before.post("/api/ml/models/m/reload")).hasStatus(200);
        String answer = before.predict(GOOD).prediction();
        CompletableFuture<Void> promotion = CompletableFuture.runAsync(() -> promote(before, "endless"));
        server.killWhen(() -> isLoading(server));
        assertThat(promotion).failsWithin(Duration.ofMinutes(5));

        try (PackagedServer after = server.startedAgain(with("--modelserver.registry.trial-limit=1s"))
            .untilItAnswers()) {
            Client operator = after.client();
            assertThat(promote(operator, "endless")).isProblem(409, "MODEL_REJECTED").tells("longer than 1000 ms");
            assertThat(operator.predict(GOOD).prediction()).isEqualTo(answer);
        }
    }

    @Test
    void withoutOneTheServerComesBackWithTheVersionBefore() throws IOException {
        PackagedServer server = server();
        assertThat(server.client().post("/api/ml/models/m/reload")).hasStatus(200);
        Files.writeString(server.models().resolve("m").resolve(".production"), "crash");
        assertThat(server.stop()).isIn(0, 143);
        PackagedServer crashing = server.startedAgain(SETTINGS);
        assertThat(crashing.exitCode()).isNotIn(0, 143);

        try (PackagedServer after = crashing.startedAgain(SETTINGS).untilItAnswers()) {
            Client bot = after.client();
            assertThat(bot.predict(GOOD).json().at("/model_version").asString()).isEqualTo("good");
            Answer health = bot.get("/health");
            assertThat(health.json().at("/status").asString()).isEqualTo("degraded");
            assertThat(health.json().at("/problems/0").asString()).contains("crash", "died", "m:good is served");
            assertThat(promote(bot, "crash")).isProblem(409, "MODEL_REJECTED").tells("died");
            assertThat(promote(bot, "good")).hasStatus(200);
            assertThat(bot.get("/health").json().at("/status").asString()).isEqualTo("healthy");
        }
    }

    /** The server is killed while it loads, by no fault of the model's. */
    @Test
    void aGoodVersionThatWasBeingLoadedWhenTheServerDiedServesAgain() throws IOException {
        PackagedServer server = PackagedServer.withModels();
        assertThat(server.stop()).isIn(0, 143);
        PackagedServer killed = server.startedAgain();
        killed.killWhen(() -> isLoading(killed));

        try (PackagedServer after = killed.startedAgain().untilItAnswers()) {
            assertThat(after.output()).contains("is loaded, checked and warm");
            assertThat(after.client().get("/health").json().at("/status").asString()).isEqualTo("healthy");
        }
    }

    private static boolean isLoading(PackagedServer server) {
        Path journal = server.models().resolveSibling("data").resolve("loading");
        String[] entries = journal.toFile().list((folder, name) -> name.endsWith(".loading"));
        return entries != null && entries.length > 0;
    }

    private static PackagedServer server(String... settings) throws IOException {
        PackagedServer server = PackagedServer.withoutModels(with(settings));
        Path model = server.models().resolve("m");
        for (String version : new String[] { "crash", "endless", "tuple" }) {
            PackagedServer.copy(Damage.TEST_MODELS.resolve(version), model.resolve(version));
        }
        PackagedServer.copy(Damage.TEST_MODELS.resolve("scale"), model.resolve("good"));
        for (String version : new String[] { "crash", "endless" }) {
            Path sample = model.resolve(version).resolve("sample.json");
            Files.writeString(sample, Files.readString(sample).replaceFirst("-0\\.2", "2000000"));
        }
        Files.writeString(model.resolve(".production"), "good");
        return server;
    }

    private static String[] with(String... settings) {
        return Stream.concat(Stream.of(SETTINGS), Stream.of(settings)).toArray(String[]::new);
    }

    private static Answer promote(Client operator, String version) {
        return operator.post("/api/ml/models/m/versions/%s/stage".formatted(version), "{\"stage\":\"PRODUCTION\"}");
    }

}
