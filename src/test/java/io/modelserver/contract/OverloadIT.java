package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * More than the server can take: it takes what it has promised to, and says no at once.
 */
class OverloadIT {

    private static final int CALLERS = 40;

    private static final int LITTLE = 40;

    /** One forward pass of it takes longer than all callers need to send theirs. */
    private static final int MUCH = 250;

    private static final Path SLOW = Path.of("src", "test", "resources", "torchscript", "slow");

    private static PackagedServer server;

    @BeforeAll
    static void startWithASlowModel() throws IOException {
        server = PackagedServer.withModels("--modelserver.inference.instances=1",
                "--modelserver.batching.max-batch-size=1", "--modelserver.batching.queue-capacity=3");
        PackagedServer.copy(SLOW, Files.createDirectories(server.models().resolve("slow").resolve("1")));
        Files.writeString(server.models().resolve("slow").resolve(".production"), "1");
        assertThat(server.client().post("/api/ml/models/slow/reload")).hasStatus(200);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatDoesNotFitTheQueueIsToldAtOnceAndTheRestIsAnswered() throws Exception {
        String before = server.client().predict(GoldenSample.inProduction().request().toString()).prediction();
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = IntStream.range(0, CALLERS)
                .mapToObj((caller) -> server.client())
                .map((caller) -> callers.submit(() -> {
                    start.await();
                    return caller.predict(slow(MUCH));
                }))
                .toList();
            start.countDown();
            int answered = 0;
            for (Future<Answer> answer : answers) {
                if (answer.get().status() == 200) {
                    answered++;
                }
                else {
                    assertThat(answer.get()).isProblem(503, "OVERLOADED").tells("slow:1");
                    assertThat(answer.get().header("Retry-After")).matches("[1-9][0-9]*");
                }
            }
            // One in the forward pass and three in the queue at least; more as places
            // become free.
            assertThat(answered).isBetween(4, CALLERS - 1);
        }
        assertThat(server.client().predict(slow(LITTLE))).hasStatus(200);
        assertThat(server.client().get("/health")).hasStatus(200);
        assertThat(server.client().predict(GoldenSample.inProduction().request().toString()).prediction())
            .isEqualTo(before);
    }

    @Test
    void aBatchIsCutToWhatFitsAndDoesNotStarveASingleRequest() throws Exception {
        String requests = String.join(",", IntStream.range(0, 16).mapToObj((i) -> slow(LITTLE)).toList());
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> batch = callers
                .submit(() -> server.client().post("/api/ml/predict/batch", "{\"requests\":[" + requests + "]}"));

            Answer single = server.client().predict(slow(LITTLE));

            assertThat(single.status()).isEqualTo(200);
            assertThat(batch.get().json().at("/succeeded").asInt()).isEqualTo(16);
        }
    }

    private static String slow(int work) {
        return "{\"symbol\":\"S\",\"model_name\":\"slow\",\"features\":[%d,0,0,0,0,0,0,0,0,0,0,0]}".formatted(work);
    }

}
