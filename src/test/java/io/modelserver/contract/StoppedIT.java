package io.modelserver.contract;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server that is stopped for a while (SIGSTOP), as when its virtual machine is moved.
 */
@DisabledOnOs(OS.WINDOWS)
class StoppedIT {

    private static final Duration DEADLINE = Duration.ofSeconds(2);

    private static final int BOTS = 8;

    private final GoldenSample sample = GoldenSample.inProduction();

    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();

    @Test
    void requestsWhoseDeadlinePassesMeanwhileAreToldSoAndTheirAnswersAreNotGiven() throws InterruptedException {
        try (PackagedServer server = PackagedServer
            .withModels("--modelserver.prediction.deadline=" + DEADLINE.toMillis() + "ms")) {
            AtomicBoolean done = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(BOTS);
            List<Thread> bots = IntStream.range(0, BOTS)
                .mapToObj((i) -> Thread.ofVirtual().start(() -> ask(server.client(), done, begun)))
                .toList();
            begun.await();

            Eventually.isSo(() -> {
                stopLongerThanTheDeadline(server);
                return has(504);
            });
            int before = answers.size();
            Eventually.isSo(() -> answers.stream().skip(before).anyMatch((answer) -> answer.status() == 200));
            done.set(true);
            for (Thread bot : bots) {
                bot.join();
            }
        }
        assertThat(answers).allSatisfy((answer) -> assertThat(answer.status()).isIn(200, 503, 504));
        assertThat(answers).filteredOn((answer) -> answer.status() == 200)
            .allSatisfy((answer) -> assertThat(answer.json().at("/latency_ms").asDouble())
                .isLessThanOrEqualTo((double) DEADLINE.toMillis()));
    }

    private void stopLongerThanTheDeadline(PackagedServer server) {
        int before = answers.size();
        Eventually.isSo(() -> answers.size() > before);
        server.signal("STOP");
        try {
            long end = System.nanoTime() + DEADLINE.toNanos() * 3 / 2;
            Eventually.isSo(() -> System.nanoTime() > end);
        }
        finally {
            server.signal("CONT");
        }
        int caught = answers.size();
        Eventually.isSo(() -> answers.size() >= caught + BOTS);
    }

    private boolean has(int status) {
        return answers.stream().anyMatch((answer) -> answer.status() == status);
    }

    private void ask(Client bot, AtomicBoolean done, CountDownLatch begun) {
        while (!done.get()) {
            answers.add(bot.predict(sample.request().toString()));
            begun.countDown();
        }
    }

}
