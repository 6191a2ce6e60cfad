package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A trainer copies a version into the registry and moves the marker; nobody calls the
 * server.
 */
class WatchIT {

    private static final String REQUEST = "{\"symbol\":\"A\",\"features\":[0,0,0,0,0,0,0,0,0,0,0,1]}";

    @Test
    @Timeout(600)
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

    private static void copy(String version, Path to) throws IOException {
        PackagedServer.copy(Damage.TEST_MODELS.resolve(version), to);
    }

    private static void awaitVersion(Client bot, String version) {
        while (!bot.predict(REQUEST).json().at("/model_version").asString("").equals(version)) {
            Thread.onSpinWait();
        }
    }

}
