package io.modelserver.contract;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A host whose language has digits of its own, and whose environment has variables that
 * are meant for other programs: nothing that a machine reads is changed by it.
 */
class HostIT {

    private static final String NOT_ASCII = "[^\\x00-\\x7f]";

    private static PackagedServer persian;

    private static Client client;

    private final GoldenSample sample = GoldenSample.inProduction();

    @BeforeAll
    static void start() throws IOException {
        persian = PackagedServer.on(
                PreparedServer.host()
                    .speaking("fa", "IR")
                    .with(Map.of("DEBUG", "1", "TRACE", "true", "LANG", "fa_IR.UTF-8")),
                "--modelserver.warm-up.requests=4", "--modelserver.ledger.predictions=all");
        client = persian.client();
    }

    @AfterAll
    static void stop() {
        persian.close();
    }

    @Test
    void itWarmsUpAndPredicts() {
        assertThat(persian.output()).contains("warmed up with 4 requests");
        Answer answer = client.predict(sample.request().toString());
        assertThat(answer).hasStatus(200);
        assertThat(answer.body()).doesNotContainPattern(NOT_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"symbol\":\"A\",\"features\":[1,2,3]}", "{\"symbol\":\"A\",\"features\":[1,", "",
            "{\"symbol\":\"A\",\"features\":[[1,2],[3]]}" })
    void problemsAreJsonWithTheNumbersOfJson(String request) {
        Answer answer = client.predict(request);

        assertThat(answer).isBareProblem(400, 422);
        assertThat(answer.body()).doesNotContainPattern(NOT_ASCII);
    }

    @Test
    void whatTomcatAnswersItselfIsJsonToo() {
        assertThat(RawConnection.exchange(persian.port(), "nonsense\r\n\r\n")).isBareProblem(400);
        assertThat(RawConnection.exchange(persian.port(),
                "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: c=" + "x".repeat(9 << 10) + "\r\n\r\n"))
            .isBareProblem(431);
    }

    @ParameterizedTest
    @ValueSource(strings = { "csv", "jsonl" })
    void theLedgerIsExported(String format) {
        Answer predicted = client.predict(sample.request().toString());
        String id = predicted.json().at("/prediction_id").asString();

        Eventually.isSo(() -> client.get("/api/ml/ledger/predictions?format=" + format).body().contains(id));

        Answer export = client.get("/api/ml/ledger/predictions?format=" + format);
        assertThat(export).hasStatus(200);
        assertThat(export.body()).doesNotContainPattern(NOT_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/actuator/prometheus", "/actuator/health", "/health", "/api/ml/models", "/openapi.json",
            "/api/ml/windows", "/api/ml/models/hybrid_cnn_lstm/drift" })
    void whatIsReadByMachinesHasTheDigitsOfMachines(String path) {
        Answer answer = client.get(path);

        assertThat(answer).hasStatus(200);
        assertThat(answer.body()).doesNotContainPattern("[\\p{Nd}&&[^0-9]]");
    }

    @Test
    void variablesOfOtherProgramsDoNotMakeALogOfPredictions() {
        for (int i = 0; i < 20; i++) {
            assertThat(client.predict(sample.request().toString())).hasStatus(200);
        }

        assertThat(persian.output()).doesNotContain(" DEBUG ", " TRACE ").hasSizeLessThan(40_000);
    }

    @Test
    @DisabledOnOs({ OS.WINDOWS, OS.MAC })
    void aStandardOutputThatIsFullKeepsNoServerFromStarting() {
        try (PackagedServer mute = PackagedServer.on(new Host().writingTo(Path.of("/dev/full")))) {
            assertThat(mute.client().predict(sample.request().toString())).hasStatus(200);
        }
    }

    @Test
    @DisabledOnOs({ OS.WINDOWS, OS.MAC })
    void aPortThatMayNotBeOpenedSaysWhichRightIsMissing() throws Exception {
        Host without = new Host().startedBy("setpriv", "--bounding-set=-net_bind_service");
        assumeTrue(new ProcessBuilder("sh", "-c",
                "setpriv --bounding-set=-net_bind_service true && [ \"$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)\" -gt 80 ]")
            .start()
            .waitFor() == 0, "no right can be taken away here, or port 80 needs none");

        try (PackagedServer refused = PackagedServer.on(without, 80)) {
            assertThat(refused.exitCode()).isEqualTo(77);
            assertThat(refused.output().lines()).singleElement()
                .asString()
                .contains("Port 80", "CAP_NET_BIND_SERVICE")
                .doesNotContain("in use");
        }
    }

}
