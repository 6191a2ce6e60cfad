package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A registry in which nearly everything is wrong, each fault in a model of its own, is no
 * reason not to start, to hang or to serve something else.
 */
class RegistryFaultsIT {

    private static final String GOOD = "good";

    private static PackagedServer server;

    private static Client bot;

    @BeforeAll
    static void startWithAllOfThem() {
        server = PackagedServer.withRegistry((models) -> {
            SmallModel.in(models, GOOD);
            SmallModel.in(models, "storm");
            SmallModel.in(models, "vanishing");
            for (BrokenRegistry fault : BrokenRegistry.values()) {
                fault.to(SmallModel.in(models, name(fault)));
            }
            Files.createDirectory(models.resolve("empty"));
            Files.writeString(models.resolve("stray-file"), "");
            Files.createSymbolicLink(models.resolve("loop"), Path.of("loop"));
        }, "--modelserver.default-model=" + GOOD, "--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=2");
        bot = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String name(BrokenRegistry fault) {
        return fault.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @EnumSource
    void eachFaultIsToldAndHarmsNoOtherModel(BrokenRegistry fault) {
        SmallModel model = new SmallModel(server.models().resolve(name(fault)));

        Answer answer = bot.predict(model.request());
        Answer listing = bot.get("/api/ml/models/" + model.name());

        switch (fault.gets()) {
            case FIRST_VERSION -> assertThat(answer).hasStatus(200);
            case NO_PRODUCTION -> assertThat(answer).isProblem(503, "NO_PRODUCTION_MODEL").tells(model.name());
            case FIRST_VERSION_OR_NO_PRODUCTION -> assertThat(answer.status()).as(answer.body()).isIn(200, 503);
            case ERROR, REJECTION -> {
                assertThat(answer).isProblem(503, "NO_PRODUCTION_MODEL").tells(model.name(), "rejected");
                assertThat(listing.json().at("/0/error").asString("")).isNotBlank();
            }
        }
        if (answer.status() == 200) {
            assertThat(answer.json().at("/model_version").asString()).isEqualTo(SmallModel.FIRST);
        }
        assertThat(listing).hasStatus(200);
        assertThat(bot.get("/api/ml/models")).hasStatus(200);
        assertThat(bot.get("/health")).hasStatus(200);
        assertThat(bot.predict(new SmallModel(server.models().resolve(GOOD)).request())).hasStatus(200);
    }

    @ParameterizedTest
    @EnumSource
    void fromEachFaultAPromotionOfTheOtherVersionLeadsOut(BrokenRegistry fault) throws IOException {
        SmallModel model = SmallModel.in(server.models(), "mended_" + name(fault));
        fault.to(model);

        Answer promotion = promote(model, SmallModel.SECOND);

        if (Files.isDirectory(model.marker("production"))) {
            assertThat(promotion).isProblem(507, "INSUFFICIENT_STORAGE");
        }
        else {
            assertThat(promotion).hasStatus(200);
            assertThat(bot.predict(model.request()).json().at("/model_version").asString())
                .isEqualTo(SmallModel.SECOND);
            assertThat(model.production()).isEqualTo(SmallModel.SECOND);
        }
    }

    @Test
    void aModelWhoseFolderVanishesServesOn() throws IOException {
        SmallModel model = new SmallModel(server.models().resolve("vanishing"));
        String before = bot.predict(model.request()).prediction();
        Path aside = Files.move(model.folder(), server.models().resolveSibling("aside"));

        assertThat(bot.predict(model.request()).prediction()).isEqualTo(before).contains("direction");
        assertThat(bot.get("/health").json().at("/status").asString()).isEqualTo("degraded");
        assertThat(bot.post("/api/ml/models/vanishing/reload")).isProblem(404, "MODEL_NOT_FOUND");

        Files.move(aside, model.folder());
        assertThat(bot.post("/api/ml/models/vanishing/reload")).hasStatus(200);
    }

    @Test
    void aRegistryThatVanishesServesOn() throws IOException {
        SmallModel good = new SmallModel(server.models().resolve(GOOD));
        String before = bot.predict(good.request()).prediction();
        Path aside = Files.move(server.models(), server.models().resolveSibling("models-aside"));

        assertThat(bot.predict(good.request()).prediction()).isEqualTo(before).contains("direction");
        assertThat(bot.get("/health")).hasStatus(200);
        assertThat(bot.get("/health").json().at("/status").asString()).isEqualTo("degraded");

        Files.move(aside, server.models());
        assertThat(bot.post("/api/ml/models/good/reload")).hasStatus(200);
    }

    @Test
    void ofManyChangesAtATimeTheLastWinnersStands() throws Exception {
        SmallModel model = new SmallModel(server.models().resolve("storm"));
        Random random = new Random(1);
        try (ExecutorService operators = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Answer> change : IntStream.range(0, 60)
                .mapToObj((i) -> operators.submit(change(model, random.nextInt(4))::get))
                .toList()) {
                assertThat(change.get().status()).as(change.get().body()).isIn(200, 409);
            }
        }
        String winner = server.output()
            .lines()
            .filter((line) -> line.endsWith("is now in PRODUCTION"))
            .filter((line) -> line.contains("storm:"))
            .reduce((first, second) -> second)
            .map((line) -> line.replaceAll(".*storm:(\\d) .*", "$1"))
            // Where a reload was first and all others came while it went on.
            .orElse(SmallModel.FIRST);

        assertThat(model.production()).isEqualTo(winner);
        assertThat(bot.predict(model.request()).json().at("/model_version").asString()).isEqualTo(winner);
        assertThat(bot.get("/api/ml/models/storm")
            .json()
            .valueStream()
            .filter((version) -> version.at("/stage").asString().equals("PRODUCTION"))
            .map((version) -> version.at("/version").asString())).containsExactly(winner);
    }

    private static Supplier<Answer> change(SmallModel model, int kind) {
        return switch (kind) {
            case 0 -> () -> promote(model, SmallModel.FIRST);
            case 1 -> () -> promote(model, SmallModel.SECOND);
            case 2 -> () -> bot.post("/api/ml/models/storm/rollback");
            default -> () -> bot.post("/api/ml/models/storm/reload");
        };
    }

    private static Answer promote(SmallModel model, String version) {
        return bot.post("/api/ml/models/%s/versions/%s/stage".formatted(model.name(), version),
                "{\"stage\":\"PRODUCTION\"}");
    }

}
