package io.modelserver.contract;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

import io.modelserver.security.ApiKeys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who may change what, where there are keys; and that a server which should be closed
 * never starts open.
 */
class KeysIT {

    private static final String RELOAD = "/api/ml/models/hybrid_cnn_lstm/reload";

    /** Needs admin, like everything that is not known, and then is not there. */
    private static final String NOWHERE = "/nowhere";

    @TempDir
    static Path folder;

    private static Path file;

    private static PackagedServer server;

    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        file = folder.resolve("api-keys");
        write(ApiKeys.line("alice", "admin", "admin-key") + ApiKeys.line("closer", "outcome", "outcome-key")
                + ApiKeys.line("bot", "predict", "predict-key"));
        server = PackagedServer.withModels("--modelserver.security.api-keys-file=" + file,
                "--server.tomcat.connection-timeout=2s", "--modelserver.inference.engine=pytorch",
                "--modelserver.inference.instances=1", "--modelserver.batching.max-batch-size=2");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void changesNeedAKeyEvenFromThisHost() {
        Answer refused = client.post(RELOAD);

        assertThat(refused).isProblem(401, "UNAUTHENTICATED").tells("admin", "Bearer");
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(post(RELOAD, "no-such-key")).isProblem(401, "UNAUTHENTICATED");
        assertThat(post(RELOAD, "outcome-key")).isProblem(403, "FORBIDDEN").tells("admin", "closer");
        assertThat(post(RELOAD, "predict-key")).isProblem(403, "FORBIDDEN");
        assertThat(post(RELOAD, "admin-key")).hasStatus(200);
    }

    @Test
    void theRepositoryOfTheInferenceProtocolNeedsAdminAndSaysSoInItsForm() {
        Answer unknown = client.post("/v2/repository/index");
        Answer bot = post("/v2/repository/models/hybrid_cnn_lstm/unload", "predict-key");

        assertThat(unknown).hasStatus(401);
        assertThat(unknown.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(unknown.json().propertyNames()).containsExactly("error");
        assertThat(bot).hasStatus(403);
        assertThat(bot.json().at("/error").asString()).contains("scope admin", "bot");
        assertThat(post("/v2/repository/index", "admin-key")).hasStatus(200);
        assertThat(client.get("/v2/models/hybrid_cnn_lstm/ready")).hasStatus(200);
        assertThat(client.get("/v2/models/hybrid_cnn_lstm")).hasStatus(200);
    }

    @Test
    void aKeyIsGoodThroughAProxyToo() {
        assertThat(client.send(keyed(RELOAD, "admin-key").header("X-Forwarded-For", "203.0.113.9")
            .header("Origin", "https://board.example")
            .POST(BodyPublishers.noBody()))).hasStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/api/ml/ab-test/create", "/api/ml/ab-test/e/stop", "/api/ml/models/m/rollback",
            "/api/ml/models/m/versions/v/stage", "/actuator/shutdown", "/nowhere" })
    void whatChangesSomethingOrIsNotKnownNeedsAdmin(String path) {
        assertThat(client.post(path, "{}")).isProblem(401, "UNAUTHENTICATED");
        assertThat(post(path, "outcome-key")).isProblem(403, "FORBIDDEN");
        assertThat(post(path, "admin-key").status()).isNotIn(401, 403);
    }

    @Test
    void anOutcomeNeedsItsOwnScope() {
        assertThat(client.post("/api/ml/outcomes", "{}")).isProblem(401, "UNAUTHENTICATED");
        assertThat(post("/api/ml/outcomes", "predict-key")).isProblem(403, "FORBIDDEN");
        assertThat(post("/api/ml/outcomes", "outcome-key").status()).isNotIn(401, 403);
        assertThat(post("/api/ml/outcomes", "admin-key").status()).isNotIn(401, 403);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/api/ml/models/hybrid_cnn_lstm/history", "/api/ml/ledger/predictions", "/nowhere" })
    void readingWhatNobodyOpenedNeedsAdmin(String path) {
        assertThat(client.get(path)).isProblem(401, "UNAUTHENTICATED").tells("admin");
        assertThat(client.send(keyed(path, "predict-key").GET())).isProblem(403, "FORBIDDEN");
        assertThat(client.send(keyed(path, "admin-key").GET()).status()).isNotIn(401, 403);
    }

    @Test
    void whatBotsCallStaysOpenWhateverTheySend() {
        String request = GoldenSample.inProduction().request().toString();
        for (String credentials : List.of("Bearer wrong", "Basic eDp5", "nonsense")) {
            assertThat(client.send(client.request("/predict")
                .header("Authorization", credentials)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(request)))).hasStatus(200);
        }
        for (String path : List.of("/health", "/api/ml/models", "/api/ml/windows", "/openapi.json", "/docs", "/redoc",
                "/actuator/prometheus")) {
            assertThat(client.get(path)).hasStatus(200);
        }
    }

    @Test
    void keysComeAndGoWithoutARestartAndAMistakeChangesNothing() throws IOException {
        String before = Files.readString(file);

        write(before + ApiKeys.line("carol", "admin", "new-key"));
        awaitStatus("new-key", 404);
        write(before);
        awaitStatus("new-key", 401);
        write(before + "carol admin new-key\n");
        awaitLog("line 4");
        assertThat(post(NOWHERE, "admin-key")).hasStatus(404);
        assertThat(post(NOWHERE, "new-key")).hasStatus(401);
        write(before);
        awaitStatus("admin-key", 404);
        assertThat(server.output()).contains("3 API keys from " + file).doesNotContain("new-key", "admin-key");
    }

    @Test
    void theBodyOfARefusedCallIsReadToItsEndAndTheConnectionServesOn() throws IOException {
        try (RawConnection connection = new RawConnection(server.port())) {
            String body = "x".repeat(1_000_000);
            connection.send("POST " + RELOAD + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                    + "\r\n\r\n" + body);
            assertThat(connection.answer()).isBareProblem(401);
            connection.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.answer()).hasStatus(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "Content-Length: 1000000\r\n\r\nsome", "Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n",
            "Content-Length: 1000000\r\nExpect: 100-continue\r\n\r\n" })
    void aRefusedCallIsAnsweredAtOnceAndItsBodyCanNotHoldTheConnection(String rest) {
        assertThat(RawConnection.exchange(server.port(), "POST " + RELOAD + " HTTP/1.1\r\nHost: localhost\r\n" + rest))
            .isBareProblem(401);
    }

    @ParameterizedTest
    @ValueSource(strings = { "missing", "malformed", "folder" })
    void aFileThatCanNotBeUsedEndsTheStartInOneLine(String kind) throws IOException {
        Path keys = folder.resolve(kind);
        switch (kind) {
            case "malformed" -> Files.writeString(keys, "# keys\nalice admin not-a-hash\n");
            case "folder" -> Files.createDirectory(keys);
            default -> {
            }
        }
        try (PackagedServer refused = PackagedServer.in(Files.createTempDirectory("contract"),
                "--modelserver.security.api-keys-file=" + keys)) {
            assertThat(refused.exitCode()).isEqualTo(78);
            assertThat(refused.output().lines()).singleElement()
                .asString()
                .contains(keys.toString(), kind.equals("malformed") ? "line 2" : "")
                .doesNotContain("not-a-hash");
        }
    }

    /**
     * Without keys, where a call comes from decides, and such headers are its caller's.
     */
    @ParameterizedTest
    @ValueSource(strings = { "modelserver.security.require-key-for-predict=true",
            "server.forward-headers-strategy=framework", "server.forward-headers-strategy=NATIVE",
            "server.forward-headers-strategy=", "server.tomcat.remoteip.remote-ip-header=X-Real-IP",
            "server.tomcat.remoteip.protocol-header=X-Forwarded-Proto" })
    void whatNeedsKeysDoesNotStartWithoutAFileOfKeys(String setting) throws IOException {
        try (PackagedServer refused = PackagedServer.in(Files.createTempDirectory("contract"), "--" + setting)) {
            assertThat(refused.exitCode()).isEqualTo(78);
            assertThat(refused.output().lines()).singleElement()
                .asString()
                .contains(setting.substring(0, setting.indexOf('=')), "MODELSERVER_API_KEYS_FILE");
        }
    }

    @Test
    void predictionsThatNeedAKeyNeedAFileOfKeys() throws IOException {
        try (PackagedServer refused = PackagedServer.in(Files.createTempDirectory("contract"),
                "--modelserver.security.require-key-for-predict=true")) {
            assertThat(refused.exitCode()).isEqualTo(78);
            assertThat(refused.output().lines()).singleElement().asString().contains("MODELSERVER_API_KEYS_FILE");
        }
    }

    @Test
    void predictionsMayNeedAKeyAndTheServerStillWarmsUp() throws IOException {
        Path keys = Files.writeString(folder.resolve("for-bots"), ApiKeys.line("bot", "predict", "predict-key"));
        String request = GoldenSample.inProduction().request().toString();
        try (PackagedServer closed = PackagedServer.withModels("--modelserver.security.api-keys-file=" + keys,
                "--modelserver.security.require-key-for-predict=true", "--modelserver.warm-up.requests=20",
                "--modelserver.inference.engine=pytorch")) {
            Client bot = closed.client();

            assertThat(closed.output()).contains("warmed up with 20 requests");
            assertThat(bot.post("/predict", request)).isProblem(401, "UNAUTHENTICATED").tells("predict");
            assertThat(bot.get("/api/ml/windows")).isProblem(401, "UNAUTHENTICATED");
            assertThat(bot.send(bot.request("/predict")
                .header("Authorization", "Bearer predict-key")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(request)))).hasStatus(200);
            for (String path : List.of("/health", "/docs", "/actuator/info", "/actuator/prometheus")) {
                assertThat(bot.get(path)).hasStatus(200);
            }
        }
    }

    private static void awaitStatus(String key, int status) {
        Eventually.isSo(() -> post(NOWHERE, key).status() == status);
    }

    private static void awaitLog(String text) {
        Eventually.isSo(() -> {
            post(NOWHERE, "no-such-key");
            return server.output().contains(text);
        });
    }

    private static Answer post(String path, String key) {
        return client
            .send(keyed(path, key).header("Content-Type", "application/json").POST(BodyPublishers.ofString("{}")));
    }

    private static HttpRequest.Builder keyed(String path, String key) {
        return client.request(path).header("Authorization", "Bearer " + key);
    }

    private static void write(String keys) throws IOException {
        Path next = folder.resolve("next");
        Files.writeString(next, keys);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

}
