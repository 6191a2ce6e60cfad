package io.modelserver.front.access;

import java.util.List;

import io.modelserver.front.access.AccessServer.Mode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static io.modelserver.front.access.AccessServer.request;
import static org.assertj.core.api.Assertions.assertThat;

/** What paths, headers and proxies can't do, and what pages of other origins may. */
class AccessDetailsTest {

    private static final String RELOAD = "/api/ml/models/reload";

    @ParameterizedTest
    @ValueSource(strings = { "/api/ml/models/a;b/reload", "/api/ml/models/%252e/reload", "/api/ml/windows/a/../../x",
            "/api/ml/models/a%5cb/reload", "/api/ml/models/a%2fb/reload", "/api/ml/models/a%0db",
            "/api/ml/windows/a%5cb", "/api/ml/windows/%2e%2e%2fx", "/api/ml/windows/%252e%252e%252fx",
            "/api/ml/windows/a%00b", "/api/ml/windows/a;b", "/api/ml/windows/a%3bb", "/api/ml%2fwindows/a%2fb",
            "/api/ml/windows%2fa", "/api/ml/outcomes%2fx", "/api/ml/ab-test/a%2fb/stop", "/api/ml/windowsx/a%2fb" })
    void aPathThatReadsInTwoWaysIsMalformed(String path) {
        assertThat(request(Mode.KEYS, "POST", path)).hasStatus(400)
            .hasContentType("application/problem+json")
            .bodyJson()
            .extractingPath("code")
            .isEqualTo("MALFORMED_REQUEST");
    }

    /** The filter hides such headers, and gives what they say as the caller's address. */
    @ParameterizedTest
    @CsvSource({ "203.0.113.9, X-Forwarded-For, 127.0.0.1", "203.0.113.9, Forwarded, for=127.0.0.1",
            "127.0.0.1, X-Forwarded-For, 127.0.0.1", "127.0.0.1, X-Forwarded-For, 203.0.113.9",
            "127.0.0.1, X-Forwarded-Prefix, /ml", "203.0.113.9, X-Unknown, 127.0.0.1" })
    void thePeerOfTheConnectionDecidesAndNotWhatItsCallerWrites(String peer, String header, String value) {
        assertThat(request(Mode.NO_KEYS_FORWARDED, "POST", RELOAD).header(header, value).with((request) -> {
            request.setRemoteAddr(peer);
            return request;
        })).hasStatus(403);
    }

    @Test
    void aCallOfThisHostIsStillOneWhereForwardedHeadersAreTakenUp() {
        assertThat(request(Mode.NO_KEYS_FORWARDED, "POST", RELOAD)).hasStatus(200);
    }

    @Test
    void anAddressThatTomcatTookFromAHeaderIsNotThisHosts() {
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD).requestAttr("org.apache.tomcat.request.forwarded", true))
            .hasStatus(403);
    }

    @ParameterizedTest
    @ValueSource(strings = { "BTC%2FUSDT", "BTC%2fUSDT%3AUSDT", "A%2F%2FB" })
    void aSymbolMayHoldAnEncodedSlashAndIsStillAWindows(String symbol) {
        for (String method : List.of("PUT", "DELETE")) {
            assertThat(request(Mode.KEYS, method, "/api/ml/windows/" + symbol)).hasStatus(200);
            assertThat(request(Mode.KEYS_FOR_PREDICT, method, "/api/ml/windows/" + symbol)).hasStatus(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = { "X-Request-Id", "X-Symbol", "X-Deadline-Ms", "traceparent", "tracestate", "Authorization",
            "content-type" })
    void pagesThatMayCallMaySendWhatBotsSend(String header) {
        assertThat(preflight("https://board.example", header)).hasStatus(200)
            .hasHeader("Access-Control-Allow-Headers", header);
    }

    @Test
    void pagesThatMayCallMayReadTheIdAndWhenToComeBack() {
        assertThat(request(Mode.KEYS, "GET", "/health").header("Origin", "https://board.example")
            .exchange()
            .getResponse()
            .getHeaders("Access-Control-Expose-Headers")).singleElement()
            .asString()
            .contains("X-Request-Id", "Retry-After");
        assertThat(preflight("https://board.example", "X-Anything")).hasStatus(403);
    }

    @Test
    void behindAContextPathTheSameRulesHold() {
        assertThat(request(Mode.KEYS, "POST", "/ml/predict").contextPath("/ml")).hasStatus(200);
        assertThat(request(Mode.KEYS, "POST", "/ml/api/ml/models/reload").contextPath("/ml")).hasStatus(401);
        assertThat(request(Mode.KEYS_FOR_PREDICT, "POST", "/ml/predict").contextPath("/ml")).hasStatus(401);
        assertThat(request(Mode.KEYS, "DELETE", "/ml/api/ml/windows/A%2FB").contextPath("/ml")).hasStatus(200);
        assertThat(request(Mode.KEYS, "POST", "/ml/api/ml/models/a%2Fb/reload").contextPath("/ml")).hasStatus(400);
        assertThat(request(Mode.KEYS, "GET", "/ml/redoc").contextPath("/ml")
            .exchange()
            .getResponse()
            .getHeader("Content-Security-Policy")).contains("script-src 'self'");
    }

    @Test
    void pagesOfOtherOriginsMayCallOnlyIfTheyAreNamed() {
        assertThat(preflight("https://board.example")).hasStatus(200)
            .hasHeader("Access-Control-Allow-Origin", "https://board.example");
        assertThat(preflight("https://evil.example")).hasStatus(403)
            .doesNotContainHeader("Access-Control-Allow-Origin")
            .bodyJson()
            .extractingPath("code")
            .isEqualTo("FORBIDDEN");
        assertThat(request(Mode.KEYS_FOR_PREDICT, "GET", "/health").header("Origin", "https://board.example"))
            .doesNotContainHeader("Access-Control-Allow-Origin");
    }

    private static MvcTestResult preflight(String origin) {
        return preflight(origin, "Authorization");
    }

    private static MvcTestResult preflight(String origin, String header) {
        return request(Mode.KEYS, "OPTIONS", RELOAD).header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", header)
            .exchange();
    }

}
