package io.modelserver.contract;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is answered to calls that are wrong as HTTP, or mean harm. */
@ExtendWith(SharedServer.class)
class HttpFaultsIT extends FaultTest {

    private static final String START = "POST /predict HTTP/1.1\r\n";

    private static final String HOST = "Host: localhost\r\n";

    private static final String JSON = "Content-Type: application/json\r\n";

    @ParameterizedTest
    @ValueSource(strings = { "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/xml", "application/octet-stream", "nonsense", "*/*", "application/*" })
    void aBodyThatDoesNotSayThatItIsJsonIsRefused(String contentType) {
        for (String path : List.of("/predict", "/api/ml/predict", "/api/ml/predict/batch", "/api/ml/models/reload")) {
            HttpRequest.Builder request = bot.request(path).POST(BodyPublishers.ofString(sample.request().toString()));

            Answer answer = bot.send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));

            assertThat(answer).isProblem(415, "UNSUPPORTED_MEDIA_TYPE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "gzip", "GZIP", "deflate", "br", "gzip, identity" })
    void aCompressedBodyIsRefusedUnread(String encoding) {
        Answer answer = bot.send(bot.request("/predict")
            .header("Content-Type", "application/json")
            .header("Content-Encoding", encoding)
            .POST(BodyPublishers.ofString(sample.request().toString())));

        assertThat(answer).isProblem(415, "UNSUPPORTED_MEDIA_TYPE");
    }

    @ParameterizedTest
    @CsvSource({ "GET, /predict, POST", "PUT, /api/ml/predict, POST", "DELETE, /api/ml/predict/batch, POST",
            "BREW, /predict, POST", "TRACE, /predict, POST", "POST, /health, GET", "DELETE, /api/ml/models, GET",
            "GET, /api/ml/models/hybrid_cnn_lstm/reload, POST", "PATCH, /api/ml/models/reload, POST",
            "GET, /api/ml/models/hybrid_cnn_lstm/rollback, POST" })
    void aWrongMethodIsToldWhichIsAllowed(String method, String path, String allowed) {
        Answer answer = bot.send(bot.request(path).method(method, BodyPublishers.noBody()));

        assertThat(answer).isProblem(405, "METHOD_NOT_ALLOWED");
        assertThat(Arrays.stream(answer.header("Allow").split(",", -1)).map(String::strip)).contains(allowed)
            .doesNotContain(method);
    }

    @ParameterizedTest
    @CsvSource({ "POST, /predict", "POST, /api/ml/predict", "POST, /api/ml/predict/batch", "GET, /health",
            "GET, /api/ml/health", "GET, /api/ml/models" })
    void aCallerThatDoesNotAcceptJsonIsTold(String method, String path) {
        Answer answer = bot.send(bot.request(path)
            .header("Accept", "text/plain")
            .header("Content-Type", "application/json")
            .method(method,
                    method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{\"requests\":[]}")));

        assertThat(answer).isProblem(406, "NOT_ACCEPTABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/nowhere", "/api/ml/predict/", "/predict/x", "/index.html", "/error", "/WEB-INF/web.xml",
            "/application.yml" })
    void whatIsNotThereIsAProblemToo(String path) {
        assertThat(bot.get(path)).isBareProblem(404);
    }

    @ParameterizedTest
    @ValueSource(strings = { "16777217", "9999999999", "9223372036854775807" })
    void aBodyThatIsDeclaredTooLongIsRefusedUnread(String length) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send(START + HOST + JSON + "Content-Length: " + length + "\r\n\r\n");

            Answer answer = connection.answer();

            assertThat(answer).isBareProblem(413).tells("16777216");
            assertThat(answer.json().at("/instance").asString()).isEqualTo("/predict");
        }
    }

    @Test
    void aBodyOfUnknownLengthIsRefusedOnceItIsTooLong() throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.send(START + HOST + JSON + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < 257; i++) {
                connection.send("10000\r\n" + " ".repeat(0x10000) + "\r\n");
            }
            connection.send("0\r\n\r\n");

            assertThat(connection.answer()).isBareProblem(413).tells("16777216");
        }
    }

    @Test
    void aBodyOfTheGreatestLengthIsRead() {
        String request = sample.request().toString();

        assertThat(bot.post("/predict", request + " ".repeat((16 << 20) - request.length()))).hasStatus(200);
    }

    static Stream<Arguments> framing() {
        String body = "\r\n{}\r\n";
        return Stream.of(
                Arguments.of("two lengths", START + HOST + JSON + "Content-Length: 2\r\nContent-Length: 4\r\n" + body),
                Arguments.of("a list of lengths", START + HOST + JSON + "Content-Length: 2, 4\r\n" + body),
                Arguments.of("a negative length", START + HOST + JSON + "Content-Length: -1\r\n" + body),
                Arguments.of("a length that is no number", START + HOST + JSON + "Content-Length: 2x\r\n" + body),
                Arguments.of("a length over 2^63",
                        START + HOST + JSON + "Content-Length: 99999999999999999999\r\n" + body),
                Arguments.of("a chunk of a negative size",
                        START + HOST + JSON + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n"),
                Arguments.of("no host", START + JSON + "Content-Length: 2\r\n" + body),
                Arguments.of("two hosts", START + HOST + HOST + JSON + "Content-Length: 2\r\n" + body),
                Arguments.of("an oversized header", START + HOST + "X: " + "x".repeat(100_000) + "\r\n\r\n"),
                Arguments.of("ten thousand headers", START + HOST + "X: 1\r\n".repeat(10_000) + "\r\n"),
                Arguments.of("an oversized line", "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                Arguments.of("a header without colon", START + HOST + "Nonsense\r\n\r\n"),
                Arguments.of("no HTTP", "nonsense\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framing")
    void framingThatCanNotBeTrustedEndsTheConnection(String fault, String request) {
        assertThat(RawConnection.exchange(port, request)).as(fault).isBareProblem(400, 431);
    }

    /**
     * As RFC 9112, 6.3 has it: the chunks count, and nothing that follows on the
     * connection does.
     */
    @Test
    void aBodyWithALengthAndChunksIsReadAsChunksAndEndsTheConnection() {
        assertThat(RawConnection.exchange(port,
                START + HOST + JSON + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
                        + "GET /health HTTP/1.1\r\n" + HOST + "\r\n"))
            .isBareProblem(422);
    }

    static Stream<Arguments> pathTricks() {
        return Stream
            .of("..", ".", "%2e%2e", "%2E%2E", "%252e%252e", "..%2f..%2fetc", "..%5c..", "a/b", "a%2fb", "a%5cb",
                    "a\\b", "%00", "hybrid_cnn_lstm%00", "a%0d%0aX-Injected:%20yes", "%0a", "a".repeat(300),
                    "%ef%bc%8e%ef%bc%8e", "hybrid_cnn_lst%d0%bc", "%ff%fe", "%", "%zz", ";", "~", "*", "CON", " ",
                    "%20", "hybrid_cnn_lstm%20", "hybrid_cnn_lstm.", ".production", "-")
            .flatMap((name) -> Stream.of("GET /api/ml/models/" + name, "POST /api/ml/models/" + name + "/reload",
                    "POST /api/ml/models/" + name + "/rollback",
                    "POST /api/ml/models/hybrid_cnn_lstm/versions/" + name + "/stage"))
            .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("pathTricks")
    void pathsThatTryToLeaveTheRegistryLeadNowhere(String call) {
        String body = call.endsWith("/stage") ? "{\"stage\":\"PRODUCTION\"}" : "{}";
        Answer answer = RawConnection.exchange(port, call + " HTTP/1.1\r\n" + HOST + JSON
                + "Connection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);

        assertThat(answer).isBareProblem(400, 404, 422);
        assertThat(answer.header("X-Injected")).isEmpty();
    }

    static Stream<Arguments> nameTricks() {
        return Stream
            .of("..", ".", "", " ", "%2e%2e", "../..", "a/b", "a\\b", "\0", "a\r\nb", "a".repeat(300), "\uff0e\uff0e",
                    "hybrid_cnn_lst\u043c", "/etc/passwd", "~", "*", ".production", "\ud83d\ude00")
            .flatMap((name) -> Stream.of("model_name", "model_version", "experiment_id")
                .map((field) -> Arguments.of(field, name)));
    }

    @ParameterizedTest
    @MethodSource("nameTricks")
    void namesThatTryToLeaveTheRegistryAreThoseOfNothing(String field, String name) {
        assertThat(bot.predict(sample.request().put(field, name).toString())).isBareProblem(404, 422);

        ObjectNode reload = Answer.JSON.createObjectNode().put("model_name", "hybrid_cnn_lstm");
        if (!field.equals("experiment_id")) {
            reload.put(field.equals("model_version") ? "version" : field, name);
            assertThat(bot.post("/api/ml/models/reload", reload.toString())).isBareProblem(404, 422);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "/api/ml/models/hybrid_cnn_lstm/reload", "/api/ml/models/reload",
            "/api/ml/models/hybrid_cnn_lstm/versions/20251121_081530/stage",
            "/api/ml/models/hybrid_cnn_lstm/rollback" })
    void changesThroughAProxyAreForbidden(String path) {
        for (String header : List.of("X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "X-Real-IP: 127.0.0.1",
                "Via: 1.1 proxy", "Origin: https://elsewhere.example", "X-Forwarded-Port: 80",
                "X-Original-Forwarded-For: 127.0.0.1", "Sec-Fetch-Site: cross-site")) {
            Answer answer = bot.send(bot.request(path)
                .header(header.split(": ", 2)[0], header.split(": ", 2)[1])
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"model_name\":\"hybrid_cnn_lstm\",\"stage\":\"PRODUCTION\"}")));

            assertThat(answer).isProblem(403, "FORBIDDEN");
        }
    }

    @ParameterizedTest
    @CsvSource({ "HTTP/1.1, ml-model-server, 403", "HTTP/1.1, evil.example, 403", "HTTP/1.0, localhost, 403",
            "HTTP/1.0, ml-model-server, 403", "HTTP/1.1, localhost, 404", "HTTP/1.1, [::1], 404" })
    void changesByAnotherNameOrThroughABareProxyAreForbidden(String protocol, String host, int status) {
        assertThat(RawConnection.exchange(port, "POST /api/ml/models/gone/rollback " + protocol + "\r\nHost: " + host
                + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"))
            .isBareProblem(status);
    }

    @Test
    void aSymbolMayHoldTwoSlashesInARow() {
        assertThat(bot.send(bot.request("/api/ml/windows/A//B").DELETE())).isProblem(404, "NOT_FOUND").tells("A//B");
    }

    @ParameterizedTest
    @ValueSource(strings = { "%zz", "%", "%ff%fe", "true&a=%zz" })
    void aQueryThatCantBeDecodedIsMalformed(String query) {
        assertThat(RawConnection.exchange(port,
                "GET /api/ml/models?loaded=" + query + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"))
            .isBareProblem(400);
    }

    @Test
    void metricsAreGivenToACallerThatAcceptsNothingInParticular() {
        assertThat(RawConnection
            .exchange(port, "GET /actuator/prometheus HTTP/1.1\r\n" + HOST + "Accept: \r\nConnection: close\r\n\r\n")
            .status()).isIn(200, 406);
    }

    @Test
    void connectIsAMethodThatIsNotAllowed() {
        assertThat(RawConnection.exchange(port, "CONNECT /predict HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
            .status()).isIn(400, 405, 501);
    }

}
