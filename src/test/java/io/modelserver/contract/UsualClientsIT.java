package io.modelserver.contract;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What generated clients, browsers and proxies send that mean no harm. */
@ExtendWith(SharedServer.class)
class UsualClientsIT extends FaultTest {

    private static final String HOST = "Host: localhost\r\n";

    @ParameterizedTest
    @ValueSource(
            strings = { "BTC%2FUSDT", "BTC%2fUSDT%3AUSDT", "..%2f..%2fmodels%2fhybrid_cnn_lstm%2freload", "%2e.%2f" })
    void aSymbolMayHoldAnEncodedSlash(String symbol) {
        String decoded = symbol.replace("%2F", "/").replace("%2f", "/").replace("%3A", ":");

        assertThat(bot
            .send(bot.request("/api/ml/windows/" + symbol)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"features\":[]}")))
            .status()).isIn(400, 404, 422);
        Answer deleted = bot.send(bot.request("/api/ml/windows/" + symbol).DELETE());

        if (symbol.startsWith("%2e")) {
            assertThat(deleted).isProblem(400, "MALFORMED_REQUEST");
        }
        else {
            assertThat(deleted).isBareProblem(404, 422);
            assertThat(deleted.json().at("/detail").asString()).contains(decoded);
        }
    }

    @Test
    void aWindowIsFilledAndEmptiedByItsEncodedSymbol() {
        String steps = "{\"features\": [[" + String.join(",", Collections.nCopies(110, "0.5")) + "]]}";

        assertThat(bot.send(bot.request("/api/ml/windows/BTC%2FUSDT")
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(steps)))).hasStatus(200);
        assertThat(bot.get("/api/ml/windows").body()).contains("\"BTC/USDT\"");
        assertThat(bot.send(bot.request("/api/ml/windows/BTC%2FUSDT").DELETE())).hasStatus(204);
        assertThat(bot.get("/api/ml/windows").body()).doesNotContain("\"BTC/USDT\"");
    }

    @ParameterizedTest
    @ValueSource(strings = { "PUT", "PATCH", "DELETE", "POST" })
    void aFormIsNotReadWhateverItHolds(String method) {
        for (String path : List.of("/predict", "/health", "/api/ml/windows/NOTHING", "/api/ml/models/gone", "/nowhere",
                "/docs", "/actuator/health", "/api/ml/models/gone/rollback", "/api/ml/outcomes", "/openapi.json")) {
            Answer answer = bot.send(bot.request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, BodyPublishers.ofString("a%: b")));

            assertThat(answer).as("%s %s", method, path).isBareProblem(415, 404, 405);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "/predict", "/docs", "/redoc", "/health", "/api/ml/models", "/openapi.json",
            "/openapi.json/swagger-config", "/actuator/health", "/actuator/prometheus", "/actuator/info", "/nowhere",
            "/api/ml/windows", "/api/ml/ab-test", "/api/ml/models/hybrid_cnn_lstm/drift", "/swagger-ui/index.html",
            "/" })
    void aQueryThatCantBeDecodedIsNoErrorOfTheServer(String path) {
        for (String query : List.of("a=%", "%=a", "a=%zz&b", "=", "&&", "a=%ff%fe")) {
            assertThat(RawConnection
                .exchange(port, "GET " + path + "?" + query + " HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
                .status()).as("%s?%s", path, query).isLessThan(500);
        }
    }

    @Test
    void headersThatAreTooLongAreToldApartFromWhatIsNotHttp() {
        for (String headers : List.of("Cookie: c=" + "x".repeat(9 << 10) + "\r\n", "X: 1\r\n".repeat(101))) {
            Answer answer = RawConnection.exchange(port, "GET /health HTTP/1.1\r\n" + HOST + headers + "\r\n");

            assertThat(answer).isBareProblem(431).tells("server.max-http-request-header-size");
            assertThat(answer.json().at("/code").asString()).isEqualTo("HEADERS_TOO_LARGE");
        }
        assertThat(RawConnection.exchange(port, "nonsense\r\n\r\n")).isBareProblem(400).tells("not HTTP");
    }

    @Test
    void aConnectionServesMoreThanAHundredRequests() throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            for (int i = 0; i < 150; i++) {
                connection.send("GET /health HTTP/1.1\r\n" + HOST + "\r\n");
                assertThat(connection.answer()).hasStatus(200);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "fa-IR", "ar-EG", "de-DE", "tr-TR" })
    void textDoesNotDependOnTheCallersLanguage(String language) {
        String tooFew = sample.request().set("features", Answer.JSON.readTree("[1,2,3]")).toString();
        String english = bot.predict(tooFew).json().at("/detail").asString();

        Answer answer = bot.send(bot.request("/api/ml/predict")
            .header("Accept-Language", language)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(tooFew)));

        assertThat(answer).isProblem(422, "INVALID_FEATURES").tells(english);
        assertThat(bot.send(bot.request("/openapi.json").header("Accept-Language", language)).body())
            .isEqualTo(bot.get("/openapi.json").body());
    }

}
