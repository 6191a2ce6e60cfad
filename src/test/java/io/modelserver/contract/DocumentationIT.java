package io.modelserver.contract;

import java.net.URI;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
