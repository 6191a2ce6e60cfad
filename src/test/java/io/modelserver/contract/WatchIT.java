package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A trainer copies a version into the registry and moves the marker; nobody calls the
 * server.
 */
class WatchIT {

    private static final String REQUEST = "{\"symbol\":\"A\",\"features\":[0,0,0,0,0,0,0,0,0,0,0,1]}";

    @Test
    void aVersionThatIsCompleteAndMarkedGoesLiveByItself() throws IOException {
        try (PackagedServer server = PackagedServer.withoutModels("--modelserver.default-model=m",
                "--modelserver.registry.watch=true", "--modelserver.registry.watch-interval=200ms",
                "--modelserver.registry.settle=1h", "--modelserver.batching.max-batch-size=2")) {
            Client bot = server.client();
            Path model = server.models().resolve("m");
            copy("tuple", model.resolve("1"));
            Files.writeString(model.resolve(".production"), "1\n");
            awaitVersion(bot, "1");

            copy("dict", model.resolve("2"));
            Path file = model.resolve("2").resolve("model.pt");
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            Files.writeString(model.resolve(".production"), "2\n");
            assertThat(bot.get("/api/ml/models/m").body()).doesNotContain("\"version\":\"2\"");
            assertThat(bot.predict(REQUEST).json().at("/model_version").asString()).isEqualTo("1");

            Files.write(file, whole);
            awaitVersion(bot, "2");
        }
    }

    @Test
    void aMarkerThatIsTruncatedAndThenWrittenWithdrawsNothing() throws IOException {
        try (PackagedServer server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, "m");
            SmallModel.in(models, "other");
        }, "--modelserver.default-model=m", "--modelserver.registry.watch=true",
                "--modelserver.registry.watch-interval=100ms", "--modelserver.registry.settle=1h",
                "--modelserver.batching.max-batch-size=2")) {
            Client bot = server.client();
            SmallModel model = new SmallModel(server.models().resolve("m"));
            SmallModel other = new SmallModel(server.models().resolve("other"));
            Eventually.isSo(() -> bot.predict(other.request()).status() == 200);

            Files.writeString(model.marker("production"), "");
            Files.writeString(other.marker("production"), "2\n");
            Eventually.isSo(() -> bot.predict(other.request()).json().at("/model_version").asString("").equals("2"));
            Files.writeString(other.marker("production"), "1\n");
            Eventually.isSo(() -> bot.predict(other.request()).json().at("/model_version").asString("").equals("1"));

            assertThat(bot.predict(model.request()).json().at("/model_version").asString()).isEqualTo("1");
            String problem = "m:1 is served, but no version is in PRODUCTION";
            assertThat(bot.get("/health").body()).contains(problem);
            Files.writeString(model.marker("production"), "1\n");
            assertThat(bot.get("/health").body()).doesNotContain(problem);
            assertThat(server.output()).doesNotContain("was emptied");
        }
    }

    private static void copy(String version, Path to) throws IOException {
        PackagedServer.copy(Damage.TEST_MODELS.resolve(version), to);
    }

    private static void awaitVersion(Client bot, String version) {
        Eventually.isSo(() -> bot.predict(REQUEST).json().at("/model_version").asString("").equals(version));
    }

}
