package io.modelserver.front.access;

import java.util.List;

import io.modelserver.front.access.AccessServer.Mode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static io.modelserver.front.access.AccessServer.request;
import static org.assertj.core.api.Assertions.assertThat;

/** Who gets in where, with everything behind the doors standing open. */
class AccessTest {

    private static final String RELOAD = "/api/ml/models/reload";

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # mode,           method, path,                          credentials,        status
            NO_KEYS,          GET,    /api/ml/models,                -,                  200
            NO_KEYS,          POST,   /predict,                      -,                  200
            NO_KEYS,          POST,   /predict,                      Bearer wrong,       200
            NO_KEYS,          POST,   /predict,                      nonsense,           200
            NO_KEYS,          PUT,    /api/ml/windows/A/B,           Basic eDp5,         200
            NO_KEYS,          POST,   /api/ml/models/reload,         -,                  200
            NO_KEYS,          POST,   /api/ml/ab-test/create,        -,                  200
            NO_KEYS,          POST,   /api/ml/outcomes,              -,                  200
            KEYS,             GET,    /health,                       -,                  200
            KEYS,             GET,    /api/ml/ab-test/e/analyze,     Bearer wrong,       200
            KEYS,             POST,   /api/ml/predict/batch,         -,                  200
            KEYS,             POST,   /predict,                      Bearer wrong,       200
            KEYS,             DELETE, /api/ml/windows/A,             nonsense,           200
            KEYS,             POST,   /api/ml/models/reload,         -,                  401
            KEYS,             POST,   /api/ml/models/reload,         Bearer wrong,       401
            KEYS,             POST,   /api/ml/models/reload,         Bearer,             401
            KEYS,             POST,   /api/ml/models/reload,         admin-key,          401
            KEYS,             POST,   /api/ml/models/reload,         Basic admin-key,    401
            KEYS,             POST,   /api/ml/models/reload,         Bearer admin-key x, 401
            KEYS,             POST,   /api/ml/models/reload,         Bearer admin-key,   200
            KEYS,             POST,   /api/ml/models/reload,         bearer  admin-key,  200
            KEYS,             POST,   /api/ml/models/reload,         Bearer outcome-key, 403
            KEYS,             POST,   /api/ml/models/reload,         Bearer predict-key, 403
            KEYS,             POST,   /api/ml/models/m/rollback,     -,                  401
            KEYS,             POST,   /api/ml/ab-test/e/stop,        -,                  401
            KEYS,             POST,   /api/ml/ab-test/e/stop,        Bearer outcome-key, 403
            KEYS,             POST,   /api/ml/outcomes,              -,                  401
            KEYS,             POST,   /api/ml/outcomes,              Bearer outcome-key, 200
            KEYS,             POST,   /api/ml/outcomes,              Bearer predict-key, 403
            KEYS,             POST,   /api/ml/outcomes,              Bearer admin-key,   200
            KEYS,             DELETE, /api/ml/outcomes,              Bearer outcome-key, 403
            KEYS,             POST,   /nowhere,                      -,                  401
            KEYS,             BREW,   /health,                       -,                  401
            KEYS_FOR_PREDICT, GET,    /health,                       -,                  200
            KEYS_FOR_PREDICT, GET,    /docs,                         -,                  200
            KEYS_FOR_PREDICT, GET,    /actuator/prometheus,          Bearer wrong,       200
            KEYS_FOR_PREDICT, POST,   /predict,                      -,                  401
            KEYS_FOR_PREDICT, POST,   /predict,                      Bearer predict-key, 200
            KEYS_FOR_PREDICT, POST,   /api/ml/predict/batch,         Bearer admin-key,   200
            KEYS_FOR_PREDICT, POST,   /api/ml/predict,               Bearer outcome-key, 403
            KEYS_FOR_PREDICT, GET,    /api/ml/windows,               -,                  401
            KEYS_FOR_PREDICT, DELETE, /api/ml/windows/A/B,           -,                  401
            KEYS_FOR_PREDICT, DELETE, /api/ml/windows/A/B,           Bearer predict-key, 200
            KEYS_FOR_PREDICT, POST,   /api/ml/models/reload,         Bearer predict-key, 403
            EMPTY_FILE,       POST,   /predict,                      -,                  200
            EMPTY_FILE,       POST,   /api/ml/models/reload,         -,                  401
            EMPTY_FILE,       POST,   /api/ml/models/reload,         Bearer admin-key,   401
            """)
    void whoGetsInWhere(Mode mode, String method, String path, @Nullable String credentials, int status) {
        MockMvcTester.MockMvcRequestBuilder request = request(mode, method, path);

        MvcTestResult answer = ((credentials != null) ? request.header("Authorization", credentials) : request)
            .exchange();

        assertThat(answer).hasStatus(status);
        if (status != 200) {
            assertThat(answer).hasContentType("application/problem+json")
                .bodyJson()
                .isLenientlyEqualTo("{\"status\": %d, \"code\": \"%s\", \"instance\": \"%s\"}".formatted(status,
                        (status == 401) ? "UNAUTHENTICATED" : "FORBIDDEN", path));
            assertThat(answer.getResponse().getHeaders("WWW-Authenticate"))
                .isEqualTo((status == 401) ? List.of("Bearer") : List.of());
            assertThat(answer.getResponse().getHeader("Cache-Control")).isEqualTo("no-store");
        }
        assertThat(answer.getRequest().getSession(false)).isNull();
    }

    @Test
    void whoChangesSomethingIsKnownByName() {
        assertThat(request(Mode.KEYS, "POST", RELOAD).header("Authorization", "Bearer admin-key"))
            .hasBodyTextEqualTo("alice alice");
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD)).hasBodyTextEqualTo("local local");
    }

    @ParameterizedTest
    @CsvSource({ "X-Forwarded-For,127.0.0.1", "X-Forwarded-Proto,https", "X-Forwarded-Anything,x", "Forwarded,for=x",
            "X-Real-IP,127.0.0.1", "x-client-ip,127.0.0.1", "True-Client-IP,127.0.0.1", "CF-Connecting-IP,127.0.0.1",
            "X-Original-Forwarded-For,127.0.0.1", "Via,1.1 proxy", "Origin,https://evil.example", "Origin,null",
            "Origin,http://localhost:8002", "Sec-Fetch-Site,cross-site", "Sec-Fetch-Site,same-site" })
    void whatDoesNotComeFromThisHostMayNotChangeAnything(String header, String value) {
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD).header("Host", "localhost:8001").header(header, value))
            .hasStatus(403)
            .bodyJson()
            .isLenientlyEqualTo("{\"code\": \"FORBIDDEN\", \"status\": 403}");
    }

    @ParameterizedTest
    @CsvSource({ "localhost,200", "LOCALHOST,200", "127.0.0.1,200", "127.9.9.9,200", "[::1],200", "ml_model_server,403",
            "evil.example,403", "127.0.0.1.evil.example,403", "localhost.evil.example,403", "10.0.0.1,403",
            "0.0.0.0,403" })
    void changesMustNameThisHost(String host, int status) {
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD).with((request) -> {
            request.setServerName(host);
            return request;
        })).hasStatus(status);
    }

    @ParameterizedTest
    @CsvSource({ "Sec-Fetch-Site,same-origin", "Sec-Fetch-Site,none", "Origin,http://localhost:8001",
            "User-Agent,curl/8", "Connection,close", "Authorization,Bearer whatever" })
    void whatComesFromThisHostMay(String header, String value) {
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD).header("Host", "localhost:8001").header(header, value))
            .hasStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "203.0.113.9", "10.0.0.1", "2001:db8::1", "172.17.0.1" })
    void anotherAddressMayNotChangeAnything(String address) {
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD).with((request) -> {
            request.setRemoteAddr(address);
            return request;
        })).hasStatus(403);
    }

    @Test
    void aBareProxyOnThisHostThatSpeaksHttp10MayNot() {
        assertThat(request(Mode.NO_KEYS, "POST", RELOAD).with((request) -> {
            request.setProtocol("HTTP/1.0");
            return request;
        })).hasStatus(403);
    }

    @Test
    void browsersAreToldWhatNotToDo() {
        assertThat(request(Mode.NO_KEYS, "GET", "/health")).hasHeader("X-Content-Type-Options", "nosniff")
            .hasHeader("X-Frame-Options", "DENY")
            .hasHeader("Referrer-Policy", "no-referrer")
            .hasHeader("Cache-Control", "no-store")
            .hasHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            .doesNotContainHeader("Strict-Transport-Security");
        assertThat(request(Mode.NO_KEYS, "GET", "/health").secure(true)).hasHeader("Strict-Transport-Security",
                "max-age=31536000");
        assertThat(request(Mode.NO_KEYS, "GET", "/redoc")).doesNotContainHeader("Cache-Control");
    }

}
