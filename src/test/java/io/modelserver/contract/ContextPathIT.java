package io.modelserver.contract;

import java.net.URI;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A server whose calls all lie behind {@code server.servlet.context-path}. */
class ContextPathIT {

    private static final Pattern ASSET = Pattern.compile("<(?:script|link|img)[^>]+(?:src|href)=\"([^\"]+)\"");

    private static PackagedServer server;

    private static Client client;

    private final GoldenSample sample = GoldenSample.inProduction();

    @BeforeAll
    static void start() {
        server = PackagedServer.withModels("--server.servlet.context-path=/ml", "--modelserver.warm-up.requests=4");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void itWarmsUpAndPredicts() {
        assertThat(server.output()).contains("warmed up with 4 requests");
        assertThat(client.post("/ml/predict", sample.request().toString())).hasStatus(200);
        assertThat(client.post("/predict", sample.request().toString())).isBareProblem(404)
            .tells("nothing at this path");
        assertThat(client.get("/ml/actuator/health/readiness")).hasStatus(200);
    }

    @ParameterizedTest
    @ValueSource(strings = { "/ml", "/ml/", "/ml/docs", "/ml/redoc" })
    void thePagesAndAllTheirAssetsLieThereToo(String path) {
        Answer page = client.get(path);

        assertThat(page).hasStatus(200);
        assertThat(page.header("Content-Security-Policy")).contains("script-src 'self'");
        assertThat(ASSET.matcher(page.body())
            .results()
            .map((MatchResult asset) -> page.uri().resolve(asset.group(1)))
            .toList()).isNotEmpty().allSatisfy((asset) -> {
                assertThat(asset.getPath()).startsWith("/ml/");
                assertThat(client.get(asset.toString())).hasStatus(200);
            });
    }

    @Test
    void theDocumentSaysWhereItsCallsAre() {
        Answer document = client.get("/ml/openapi.json");

        URI calls = document.uri().resolve(document.json().at("/servers/0/url").asString());
        assertThat(calls.getPath()).isEqualTo("/ml/");
        assertThat(document.json().at("/paths").propertyNames()).contains("/predict");
        assertThat(client.get(calls.resolve("health").toString())).hasStatus(200);
    }

    @Test
    void problemsNameThePathThatWasCalled() {
        assertThat(client.get("/ml/nowhere")).isProblem(404, "NOT_FOUND");
        assertThat(client.send(client.request("/ml/api/ml/windows/A%2FB").DELETE())).isProblem(404, "NOT_FOUND")
            .tells("A/B");
    }

}
