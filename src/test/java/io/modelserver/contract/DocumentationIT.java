package io.modelserver.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What people, process managers and Prometheus see. */
@ExtendWith(SharedServer.class)
class DocumentationIT {

    private static final Pattern ASSET = Pattern.compile("<(?:script|link|img)[^>]+(?:src|href)=\"([^\"]+)\"");

    private Client browser;

    @BeforeEach
    void call(PackagedServer server) {
        browser = server.client();
    }

    @ParameterizedTest
    @ValueSource(strings = { "/", "/docs", "/redoc" })
    void thePagesAndAllTheirAssetsComeFromTheServerItself(String path) {
        Answer page = browser.get(path);

        assertThat(page).hasStatus(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        List<URI> assets = ASSET.matcher(page.body())
            .results()
            .map((MatchResult asset) -> page.uri().resolve(asset.group(1)))
            .toList();
        assertThat(assets).isNotEmpty().allSatisfy((asset) -> {
            assertThat(asset.getAuthority()).isEqualTo(page.uri().getAuthority());
            assertThat(browser.get(asset.toString())).hasStatus(200);
        });
    }

    @Test
    void swaggerShowsTheServersOwnDocument() {
        String settings = browser.get("/swagger-ui/swagger-initializer.js").body();

        assertThat(settings).contains("/openapi.json").doesNotContain("https://", "petstore");
    }

    /** A proxy that puts a prefix before them need not tell, and a caller can't. */
    @Test
    void everyAddressIsRelativeToTheOneThatWasCalled() {
        URI behind = URI.create("https://proxy.example/ml/");
        HttpClient once = HttpClient.newBuilder().build();

        assertThat(location(once, "/")).isEqualTo("docs");
        assertThat(location(once, "/docs")).isEqualTo("swagger-ui/index.html");
        JsonNode settings = browser.get("/openapi.json/swagger-config").json();
        URI page = behind.resolve("swagger-ui/index.html");
        assertThat(page.resolve(settings.at("/configUrl").asString()))
            .isEqualTo(behind.resolve("openapi.json/swagger-config"));
        assertThat(page.resolve(settings.at("/url").asString())).isEqualTo(behind.resolve("openapi.json"));
        assertThat(browser.get("/swagger-ui/swagger-initializer.js").body())
            .contains("\"" + settings.at("/configUrl").asString() + "\"");
        assertThat(behind.resolve("openapi.json")
            .resolve(browser.get("/openapi.json").json().at("/servers/0/url").asString())).isEqualTo(behind);
        assertThat(browser
            .send(browser.request("/openapi.json/swagger-config")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Prefix", "/evil"))
            .body()).isEqualTo(browser.get("/openapi.json/swagger-config").body()).doesNotContain("http:", "evil");
        assertThat(browser.get("/redoc").body()).doesNotContain("=\"/");
    }

    private String location(HttpClient once, String path) {
        try {
            return once.send(browser.request(path).build(), HttpResponse.BodyHandlers.discarding())
                .headers()
                .firstValue("Location")
                .orElse("");
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void theOpenApiDocumentHasEveryCall() {
        Answer document = browser.get("/openapi.json");

        assertThat(document).hasStatus(200);
        assertThat(document.json().at("/openapi").asString()).startsWith("3.");
        assertThat(document.json().at("/paths").propertyNames()).contains("/predict", "/api/ml/predict",
                "/api/ml/predict/batch", "/api/ml/models", "/api/ml/models/{name}", "/api/ml/models/{name}/reload",
                "/api/ml/models/reload", "/api/ml/models/{name}/versions/{version}/stage",
                "/api/ml/models/{name}/rollback", "/health", "/api/ml/health");
        assertThat(
                document.json().at("/servers").valueStream().map((server) -> URI.create(server.at("/url").asString())))
            .allSatisfy((server) -> assertThat(server.getHost()).isIn(null, document.uri().getHost()));
    }

    @Test
    void theDocumentTellsWhatNeedsAKeyAndNamesEachOperationOnce() {
        JsonNode document = browser.get("/openapi.json").json();

        assertThat(document.at("/components/securitySchemes/apiKey/scheme").asString()).isEqualTo("bearer");
        for (String open : List.of("/paths/~1predict/post", "/paths/~1api~1ml~1windows~1{symbol}/delete",
                "/paths/~1health/get")) {
            assertThat(document.at(open + "/security").isArray()).as(open).isTrue();
            assertThat(document.at(open + "/security")).as(open).isEmpty();
        }
        for (String change : List.of("{name}~1reload", "reload", "{name}~1versions~1{version}~1stage",
                "{name}~1rollback")) {
            JsonNode operation = document.at("/paths/~1api~1ml~1models~1" + change + "/post");
            assertThat(operation.at("/security/0/apiKey/0").asString()).isEqualTo("admin");
            assertThat(operation.at("/responses").propertyNames()).contains("401", "403");
        }
        assertThat(document.at("/components/schemas/StageJson/required/0").asString()).isEqualTo("stage");
        assertThat(document.findValuesAsString("operationId")).doesNotHaveDuplicates()
            .contains("health", "healthMl")
            .allSatisfy((name) -> assertThat(name).matches("[a-zA-Z]+"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "/docs", "/redoc" })
    void pagesMayLoadNothingFromElsewhereAndStandInNoFrame(String path) {
        assertThat(browser.get(path).header("Content-Security-Policy")).contains("default-src 'none'",
                "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'");
    }

    @ParameterizedTest
    @ValueSource(strings = { "/actuator/health/liveness", "/actuator/health/readiness", "/actuator/info" })
    void processManagersCanAsk(String path) {
        assertThat(browser.get(path)).hasStatus(200);
    }

    @Test
    void prometheusFindsThePredictions() {
        assertThat(browser.get("/actuator/prometheus").body()).contains("modelserver_predictions_total");
    }

    @ParameterizedTest
    @ValueSource(strings = { "env", "beans", "configprops", "heapdump", "threaddump", "loggers", "mappings", "metrics",
            "conditions", "scheduledtasks", "shutdown", "startup", "caches", "sbom", "httpexchanges", "logfile" })
    void nothingElseIsExposed(String endpoint) {
        assertThat(browser.get("/actuator/" + endpoint)).isProblem(404, "NOT_FOUND");
    }

}
