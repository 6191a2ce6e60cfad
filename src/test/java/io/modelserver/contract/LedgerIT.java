package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What the ledger keeps, and what goes on without it. */
class LedgerIT {

    private static final String[] SETTINGS = { "--modelserver.default-model=small",
            "--modelserver.inference.instances=1", "--modelserver.batching.max-batch-size=2",
            "--modelserver.experiment.refresh=100ms" };

    private static final String EXPERIMENT = "{\"experiment_id\":\"e\",\"control_model_name\":\"small\","
            + "\"treatment_model_version\":\"2\",\"control_traffic\":0.5,\"treatment_traffic\":0.5}";

    @Test
    void anAcknowledgedOutcomeOutlivesSigkill() {
        PackagedServer server = small();
        try {
            assertThat(new ExperimentClient(server.client()).create(EXPERIMENT)).hasStatus(200);
            List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
            for (int round = 0; round < 3; round++) {
                Client client = server.client();
                int expected = acknowledged.size() + 20 + 7 * round;
                CompletableFuture<Void> bot = CompletableFuture.runAsync(() -> tradeUntilTheEnd(client, acknowledged));
                server.killWhen(() -> acknowledged.size() >= expected);
                bot.join();
                server = server.startedAgain(SETTINGS).untilItAnswers();

                Answer export = server.client().get("/api/ml/ledger/predictions?format=jsonl");
                assertThat(export).hasStatus(200);
                List<String> known = export.body()
                    .lines()
                    .map(Answer.JSON::readTree)
                    .filter((row) -> !row.at("/actual_return").isNull())
                    .map((row) -> row.at("/prediction_id").asString())
                    .toList();
                assertThat(known).containsAll(acknowledged);
            }
        }
        finally {
            server.close();
        }
    }

    private static void tradeUntilTheEnd(Client client, List<String> acknowledged) {
        try {
            while (true) {
                String id = predict(client, "S" + acknowledged.size()).at("/prediction_id").asString();
                Answer receipt = client.post("/api/ml/outcomes",
                        "{\"prediction_id\":\"%s\",\"actual_return\":0.01}".formatted(id));
                assertThat(receipt).hasStatus(200);
                acknowledged.add(id);
            }
        }
        catch (UncheckedIOException ex) {
            // The server was killed.
        }
    }

    @Test
    void predictionsGoOnWithoutALedger() {
        try (PackagedServer server = small("--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/ledger",
                "--spring.datasource.hikari.connection-timeout=250")) {
            Client client = server.client();

            assertThat(predict(client, "S").at("/variant").isNull()).isTrue();
            Answer health = client.get("/health");
            assertThat(health).hasStatus(200);
            assertThat(health.json().at("/status").asString()).isEqualTo("degraded");
            assertThat(health.json().at("/problems/0").asString()).contains("ledger");
            assertThat(client.get("/actuator/health/readiness")).hasStatus(200);
            String outcome = "{\"prediction_id\":\"%s\",\"actual_return\":0.01}"
                .formatted(predict(client, "S").at("/prediction_id").asString());
            assertThat(client.post("/api/ml/outcomes", outcome)).isProblem(503, "LEDGER_UNAVAILABLE");
            assertThat(client.post("/api/ml/outcomes", outcome).header("Retry-After")).isNotEmpty();
            assertThat(client.post("/api/ml/ab-test/create", EXPERIMENT)).isProblem(503, "LEDGER_UNAVAILABLE");
            assertThat(client.get("/api/ml/ab-test")).isProblem(503, "LEDGER_UNAVAILABLE");
            Answer export = client.get("/api/ml/ledger/predictions");
            assertThat(export).isProblem(503, "LEDGER_UNAVAILABLE");
            assertThat(export.header("Content-Disposition")).isEmpty();
            assertThat(export.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(client.post("/api/ml/models/small/versions/2/stage", "{\"stage\":\"PRODUCTION\"}"))
                .hasStatus(200);
        }
    }

    @Test
    void itsFileMayBeNamedFromTheFolderOfTheServer() {
        try (PackagedServer server = small("--modelserver.ledger.file=data/mine")) {
            assertThat(new ExperimentClient(server.client()).create(EXPERIMENT)).hasStatus(200);

            assertThat(server.models().resolveSibling("data").resolve("mine.mv.db")).isNotEmptyFile();
        }
    }

    @Test
    void replicasOnOnePostgresqlAreOneServer() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(5)).start()) {
            String[] database = { "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                    "--spring.datasource.username=postgres" };
            try (PackagedServer one = small(database); PackagedServer other = small(database)) {
                ExperimentClient first = new ExperimentClient(one.client());
                ExperimentClient second = new ExperimentClient(other.client());
                assertThat(first.create(EXPERIMENT)).hasStatus(200);
                assertThat(second.create(EXPERIMENT)).isProblem(409, "EXPERIMENT_EXISTS");
                Eventually.isSo(() -> second.http().get("/health").json().at("/active_experiments").size() == 1);

                List<JsonNode> answers = IntStream.range(0, 40)
                    .mapToObj((i) -> predict(first.http(), "S" + i))
                    .toList();
                assertThat(IntStream.range(0, 40)
                    .mapToObj((i) -> predict(second.http(), "S" + i).at("/variant").asString()))
                    .isEqualTo(answers.stream().map((answer) -> answer.at("/variant").asString()).toList());
                for (JsonNode answer : answers) {
                    assertThat(second.http()
                        .post("/api/ml/outcomes",
                                "{\"prediction_id\":%s,\"actual_return\":0.01}".formatted(answer.at("/prediction_id"))))
                        .hasStatus(200);
                }

                Eventually.isSo(() -> total(first, "outcomes") == 40 && total(first, "samples") == 80);
                JsonNode analysis = first.analyze("e");
                Eventually.isSo(() -> second.analyze("e").equals(analysis));
                assertThat(second.stop("e")).hasStatus(200);
                Eventually.isSo(() -> first.http().get("/health").json().at("/active_experiments").isEmpty());
            }
        }
    }

    private static int total(ExperimentClient client, String count) {
        JsonNode variants = client.analyze("e").at("/variants");
        return variants.at("/0/" + count).asInt() + variants.at("/1/" + count).asInt();
    }

    private static PackagedServer small(String... more) {
        List<String> settings = new ArrayList<>(List.of(SETTINGS));
        settings.addAll(List.of(more));
        return PackagedServer.withRegistry((models) -> SmallModel.in(models, "small"), settings.toArray(String[]::new));
    }

    private static JsonNode predict(Client client, String symbol) {
        Answer answer = client
            .predict("{\"symbol\":\"%s\",\"features\":[1,2,3,4,5,6,7,8,9,10,11,12]}".formatted(symbol));
        assertThat(answer).hasStatus(200);
        return answer.json();
    }

}
