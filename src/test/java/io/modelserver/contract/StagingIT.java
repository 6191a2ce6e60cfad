package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Versions outside production: kept ready while they are in STAGING, else loaded when
 * they are asked for.
 */
class StagingIT {

    private static final String BESIDE = "20251121_081530";

    private final GoldenSample sample = GoldenSample.inProduction();

    @Test
    void theVersionInStagingIsReadyAndFollowsPromotions() {
        try (PackagedServer server = PackagedServer.withRegistry((models) -> {
            SmallModel model = SmallModel.in(models, "m");
            Files.writeString(model.marker("staging"), SmallModel.SECOND + "\n");
        }, "--modelserver.default-model=m", "--modelserver.batching.max-batch-size=2")) {
            Client bot = server.client();
            SmallModel model = new SmallModel(server.models().resolve("m"));
            Eventually.isSo(() -> loaded(bot).contains("m:2"));
            assertThat(bot.predict(asking(model, "staging")).json().at("/model_version").asString()).isEqualTo("2");

            assertThat(bot.post("/api/ml/models/m/versions/2/stage", "{\"stage\":\"PRODUCTION\"}")).hasStatus(200);

            assertThat(loaded(bot)).contains("m:1", "m:2");
            assertThat(bot.predict(asking(model, "staging")).json().at("/model_version").asString()).isEqualTo("1");
            Eventually.isSo(() -> isHealthy(bot));
        }
    }

    @Test
    void aVersionInStagingThatIsUnfitHarmsNothing() {
        try (PackagedServer server = PackagedServer.withRegistry((models) -> {
            SmallModel model = SmallModel.in(models, "m");
            Files.writeString(model.version(SmallModel.SECOND).resolve("model.pt"), "not a model");
            Files.writeString(model.marker("staging"), SmallModel.SECOND + "\n");
        }, "--modelserver.default-model=m", "--modelserver.batching.max-batch-size=2")) {
            Client bot = server.client();
            SmallModel model = new SmallModel(server.models().resolve("m"));
            Eventually.isSo(() -> bot.get("/api/ml/models/m").json().at("/1/state").asString().equals("REJECTED"));

            assertThat(bot.predict(model.request())).hasStatus(200);
            assertThat(bot.predict(asking(model, "staging"))).isProblem(409, "MODEL_REJECTED");
            Eventually.isSo(() -> isHealthy(bot));
        }
    }

    @Test
    void aVersionThatTakesLongerToLoadThanARequestMayIsSaidToBeLoading() {
        try (PackagedServer server = PackagedServer.withModels("--modelserver.registry.keep-staging=false",
                "--modelserver.prediction.deadline=50ms")) {
            Client bot = server.client();
            String request = sample.request().put("model_version", BESIDE).toString();

            Answer first = bot.predict(request);

            assertThat(first).isProblem(503, "MODEL_LOADING").tells(BESIDE);
            assertThat(first.header("Retry-After")).isNotEmpty();
            Eventually.isSo(() -> bot.predict(request).status() == 200);
            assertThat(loaded(bot)).contains(BESIDE);
        }
    }

    @Test
    void aServedFileThatIsOverwrittenIsSaidWithoutWatchingTheFolder() {
        try (PackagedServer server = PackagedServer.withRegistry((models) -> SmallModel.in(models, "m"),
                "--modelserver.default-model=m", "--modelserver.batching.max-batch-size=2")) {
            Client bot = server.client();
            SmallModel model = new SmallModel(server.models().resolve("m"));
            String before = bot.predict(model.request()).prediction();
            copyOverServedFile(model, "scale");

            Eventually.isSo(() -> bot.get("/health").body().contains("model.pt is no longer that file on disk"));

            assertThat(bot.get("/health").json().at("/status").asString()).isEqualTo("degraded");
            assertThat(bot.predict(model.request()).prediction()).isEqualTo(before);
            copyOverServedFile(model, "tuple");
            Eventually.isSo(() -> isHealthy(bot));
        }
    }

    private static void copyOverServedFile(SmallModel model, String from) {
        try {
            Files.write(model.version(SmallModel.FIRST).resolve("model.pt"),
                    Files.readAllBytes(Damage.TEST_MODELS.resolve(from).resolve("model.pt")));
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private static boolean isHealthy(Client bot) {
        return bot.get("/health").json().at("/status").asString().equals("healthy");
    }

    private static String loaded(Client bot) {
        return bot.get("/health").json().at("/loaded_models").toString();
    }

    private static String asking(SmallModel model, String version) {
        return model.request().replaceFirst("\\{", "{\"model_version\":\"" + version + "\",");
    }

}
