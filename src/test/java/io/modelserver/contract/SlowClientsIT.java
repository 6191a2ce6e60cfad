package io.modelserver.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/** Callers that send slowly, stop, or go away, harm nobody and leave nothing behind. */
@ExtendWith(ImpatientServer.class)
class SlowClientsIT extends FaultTest {

    /** Together they announce more than there is room for. */
    private static final int MANY = 120;

    @Test
    void aBodyThatStopsIsCutOff() throws IOException {
        try (Socket caller = connect()) {
            send(caller, head("/predict"), body().substring(0, 1000));

            assertThat(new String(caller.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).satisfiesAnyOf(
                    (answer) -> assertThat(answer).isEmpty(),
                    (answer) -> assertThat(answer).startsWith("HTTP/1.1 408"));
        }
    }

    @Test
    void aHeaderThatStopsIsCutOff() throws IOException {
        try (Socket caller = connect()) {
            send(caller, "POST /predict HTTP/1.1\r\nHost: loc");

            assertThat(caller.getInputStream().readAllBytes()).isEmpty();
        }
    }

    /** Bots that ask every minute keep their connection; it has the longer limit. */
    @Test
    void aConnectionThatRestsBetweenTwoRequestsIsKeptLongerThanOneThatStopsInTheMiddle() throws IOException {
        try (RawConnection resting = new RawConnection(port); Socket stopped = connect()) {
            resting.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(resting.answer()).hasStatus(200);
            send(stopped, "GET /health HTTP/1.1\r\nHost: loc");
            assertThat(stopped.getInputStream().readAllBytes()).isEmpty();

            resting.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(resting.answer()).hasStatus(200);
        }
    }

    @Test
    void callersThatGoAwayInTheMiddleOfABodyLeaveNothingBehind(PackagedServer server) throws IOException {
        long errors = serverErrors();
        long sockets = server.sockets().orElse(0);
        for (int i = 0; i < MANY; i++) {
            Socket caller = connect();
            // A reset instead of an orderly end for every other one.
            if (i % 2 == 0) {
                caller.setSoLinger(true, 0);
            }
            send(caller, head("/predict"), body().substring(0, body().length() / 2));
            caller.close();
        }

        assertThat(bot.predict(sample.request().toString())).hasStatus(200);
        assertThat(serverErrors()).isEqualTo(errors);
        awaitSockets(server, sockets);
    }

    @Test
    void callersThatDoNotWaitForTheirAnswerLeaveNothingBehind(PackagedServer server) throws IOException {
        long errors = serverErrors();
        long sockets = server.sockets().orElse(0);
        for (int i = 0; i < MANY; i++) {
            Socket caller = connect();
            caller.setSoLinger(true, 0);
            send(caller, head("/predict"), body());
            caller.close();
        }

        assertThat(bot.predict(sample.request().toString())).hasStatus(200);
        assertThat(serverErrors()).isEqualTo(errors);
        awaitSockets(server, sockets);
    }

    /** The answers fill the buffers of both sides long before the last of them. */
    @Test
    void aCallerThatReadsNothingKeepsNoOtherWaiting() throws IOException {
        try (Socket caller = new Socket()) {
            caller.setReceiveBufferSize(4096);
            caller.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            send(caller, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(300));

            for (int i = 0; i < 20; i++) {
                assertThat(bot.predict(sample.request().toString())).hasStatus(200);
            }
        }
    }

    @Test
    void namesOfNothingByTheThousandAddNoMetricAndNoLogLine(PackagedServer server) {
        bot.predict(sample.request().put("model_name", "nothing").toString());
        bot.get("/nothing");
        // Made at the first request, which another test may have left behind, with a line
        // of
        // its own.
        assertThat(bot.get("/openapi.json")).hasStatus(200);
        long series = bot.get("/actuator/prometheus").body().lines().count();
        long lines = server.output().lines().count();
        String step = "{\"symbol\":\"A\",\"features\":[1],\"%s\":\"%s\"}";

        IntStream.range(0, 500).forEach((i) -> {
            assertThat(bot.predict(step.formatted("model_name", "nothing" + i))).isProblem(404, "MODEL_NOT_FOUND");
            assertThat(bot.predict(step.formatted("model_version", "nothing" + i))).isProblem(404, "VERSION_NOT_FOUND");
            assertThat(bot.predict(step.formatted("experiment_id", "nothing" + i))).isProblem(404,
                    "EXPERIMENT_NOT_FOUND");
            assertThat(bot.get("/api/ml/models/nothing" + i)).hasStatus(404);
            assertThat(bot.post("/api/ml/models/nothing%d/reload".formatted(i))).hasStatus(404);
            assertThat(bot.get("/nothing" + i)).hasStatus(404);
        });

        assertThat(server.output().lines().count()).isEqualTo(lines);
        assertThat(bot.get("/actuator/prometheus").body().lines().count()).isLessThan(series + 50);
    }

    /** A 503 tells of too many bodies at a time, not of a caller that has gone. */
    private long serverErrors() {
        return bot.get("/actuator/prometheus")
            .body()
            .lines()
            .filter((line) -> line.startsWith("http_server_requests_seconds_count") && line.contains("status=\"500"))
            .count();
    }

    /** The server notices that a caller has gone when it next looks at the connection. */
    private void awaitSockets(PackagedServer server, long before) {
        Eventually.isSo(() -> {
            assertThat(bot.get("/health")).hasStatus(200);
            return server.sockets().orElse(0) <= before + 2;
        });
    }

    private String body() {
        return sample.request().toString();
    }

    private String head(String path) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, body().length());
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private static void send(Socket caller, String... parts) throws IOException {
        caller.getOutputStream().write(String.join("", parts).getBytes(StandardCharsets.UTF_8));
    }

}
