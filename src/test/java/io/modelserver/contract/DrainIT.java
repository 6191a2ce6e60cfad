package io.modelserver.contract;

import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DrainIT {

    private static final int SHORTEST_SECONDS = 5;

    private static final int LONGEST_SECONDS = 320;

    private final String request = GoldenSample.inProduction().request().toString();

    @Test
    void aServerThatDrainsIsNotReadyAndGoesOnServing() {
        whileItDrains((bot) -> {
            Answer answer = bot.predict(request);
            assertThat(answer).hasStatus(200);
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(bot.get("/health")).hasStatus(200);
        });
    }

    @Test
    void aServerThatDrainsCanStillLoadAVersionWithOnnxRuntime() {
        whileItDrains((operator) -> {
            assertThat(operator.post("/api/ml/models/hybrid_cnn_lstm/reload")).hasStatus(200);
            assertThat(operator.predict(request)).hasStatus(200);
        }, "--modelserver.inference.engine=onnxruntime");
    }

    /** A slow machine needs a longer drain for what is done meanwhile. */
    private void whileItDrains(Consumer<Client> calls, String... more) {
        int seconds = SHORTEST_SECONDS;
        while (!areAnsweredWhileItDrains(seconds, calls, more)) {
            seconds *= 4;
            assertThat(seconds).as("seconds of the drain").isLessThanOrEqualTo(LONGEST_SECONDS);
        }
    }

    private boolean areAnsweredWhileItDrains(int seconds, Consumer<Client> calls, String... more) {
        try (PackagedServer server = PackagedServer
            .withModels(Stream
                .concat(Stream.of(more),
                        Stream.of("--modelserver.shutdown.drain=" + seconds + "s",
                                "--modelserver.inference.instances=1", "--modelserver.batching.max-batch-size=4"))
                .toArray(String[]::new))) {
            Client client = server.client();
            assertThat(client.predict(request).header("Connection")).isEmpty();
            server.terminate();
            boolean answered = areAnswered(client, calls);
            assertThat(server.exitCode()).isIn(0, 143);
            return answered;
        }
    }

    private static boolean areAnswered(Client client, Consumer<Client> calls) {
        try {
            Eventually.isSo(() -> client.get("/actuator/health/readiness").status() != 200);
            calls.accept(client);
            return true;
        }
        catch (UncheckedIOException drained) {
            return false;
        }
    }

}
