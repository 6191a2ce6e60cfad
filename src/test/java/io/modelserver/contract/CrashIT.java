package io.modelserver.contract;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/** What is left when the process ends at an instant that nobody chose. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashIT {

    private static final int LONGEST_PROMOTION_MILLIS = 150;

    private static final String[] SETTINGS = { "--modelserver.default-model=small",
            "--modelserver.inference.instances=1", "--modelserver.batching.max-batch-size=1" };

    private static final Random random = new Random(1);

    private static PackagedServer server;

    private static SmallModel model;

    @BeforeAll
    static void start() {
        server = PackagedServer.withRegistry((models) -> SmallModel.in(models, "small"), SETTINGS);
        model = new SmallModel(server.models().resolve("small"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** {@code bench/kill_promotions} does it at each step on disk. */
    @Order(1)
    @RepeatedTest(2)
    void aKillDuringAPromotionLeavesTheOldVersionOrTheNew() throws Exception {
        Client operator = server.client();
        String old = model.production();
        String promoted = old.equals(SmallModel.FIRST) ? SmallModel.SECOND : SmallModel.FIRST;
        operator.predict(model.request());
        CountDownLatch sent = new CountDownLatch(1);
        CompletableFuture<Void> promotion = CompletableFuture.runAsync(() -> {
            sent.countDown();
            operator.post("/api/ml/models/small/versions/%s/stage".formatted(promoted), "{\"stage\":\"PRODUCTION\"}");
        });
        sent.await();
        server.killAfter(random.nextInt(LONGEST_PROMOTION_MILLIS), TimeUnit.MILLISECONDS);
        promotion.exceptionally((cutOff) -> null).join();

        assertWhole(old, promoted);
        String left = model.production();
        server = server.restarted(SETTINGS);

        assertThat(server.client().predict(model.request()).json().at("/model_version").asString()).isEqualTo(left);
        assertThat(server.client()
            .get("/api/ml/models/small")
            .json()
            .valueStream()
            .filter((version) -> version.at("/stage").asString().equals("PRODUCTION"))
            .map((version) -> version.at("/version").asString())).containsExactly(left);
    }

    private static void assertWhole(String... versions) throws IOException {
        assertThat(model.production()).isIn((Object[]) versions);
        for (String version : versions) {
            assertThat(
                    Answer.JSON.readTree(model.version(version).resolve("metadata.json").toFile()).at("/input_shape"))
                .hasSize(2);
        }
    }

    /** The last, for it leaves no server behind. */
    @Order(2)
    @Test
    void whatAServerThatIsToldToStopHasReadIsAnswered() throws Exception {
        Bots bots = new Bots(server, model.request(), 8);
        bots.awaitAnswers(200);
        long told = System.nanoTime();

        assertThat(server.stop()).isIn(0, 143);

        assertThat(bots.sentBeforeAndNotAnswered(told)).isZero();
        assertThat(bots.statuses()).containsOnly(200);
    }

}
