package io.modelserver.front.bots;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.RunningExperiments;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.front.WireConfiguration;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.front.operators.ModelController;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.model.ModelId;
import io.modelserver.model.Tensor;
import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.RegistryHealth;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.serving.FieldProblem;
import io.modelserver.serving.Refusal;
import io.modelserver.serving.UnloadedVariants;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionResult;
import io.modelserver.trading.PredictionService;
import io.modelserver.trading.SeriesName;
import io.modelserver.window.WindowCoverage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;

@WebMvcTest({ PredictionController.class, ModelController.class, HealthController.class })
@Import(WireConfiguration.class)
class PredictionControllerTest {

    private static final PredictionResult ANSWER = new PredictionResult.Predicted("0199", "BTCUSDT",
            new Signal(Direction.BUY, 0.85f, 0.012f, new Probabilities(0.05f, 0.10f, 0.85f)),
            new ModelId("hybrid_cnn_lstm", "20251114_192715"), null, 1_530_000, 0, 0, 0, null, false,
            OptionalLong.empty());

    private static final String REQUEST = "{\"symbol\": \"BTCUSDT\", \"features\": [1, 2]}";

    @MockitoBean
    PredictionService service;

    @MockitoBean
    RegistryOverview overview;

    @MockitoBean
    Promotions lifecycle;

    @MockitoBean
    Experiments experiments;

    @MockitoBean
    LedgerDatabase ledger;

    @Autowired
    MockMvcTester http;

    @Test
    void theAnswerIsTheJsonOfTheContract() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(ANSWER);

        assertThat(post("/api/ml/predict", REQUEST)).hasStatusOk().bodyJson().isStrictlyEqualTo("""
                { "symbol": "BTCUSDT",
                  "prediction": { "direction": "BUY", "confidence": 0.85, "expected_return": 0.012,
                                  "probabilities": { "SELL": 0.05, "HOLD": 0.10, "BUY": 0.85 } },
                  "model_name": "hybrid_cnn_lstm", "model_version": "20251114_192715",
                  "prediction_id": "0199", "experiment_id": null, "variant": null, "window_filled": null,
                  "latency_ms": 1.53, "timestamp": "2026-01-02T03:04:05.678Z" }""");
    }

    @Test
    void theBotAlsoFindsTheAnswerAtTheTopLevel() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(ANSWER);

        assertThat(post("/predict", REQUEST)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                { "direction": "BUY", "confidence": 0.85, "expected_return": 0.012, "symbol": "BTCUSDT",
                  "prediction": { "direction": "BUY", "confidence": 0.85, "expected_return": 0.012 } }""");
    }

    @Test
    void readingTheNumbersOfABodyIsPartOfItsDecoding() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(ANSWER);
        given(service.predictAll(any(), anyInt(), anyLong())).willReturn(List.of(ANSWER));

        post("/api/ml/predict", REQUEST);
        post("/api/ml/predict/batch", "{\"requests\": [%s]}".formatted(REQUEST));

        then(service).should().predict(argThat((request) -> request.readNanos() > 0), anyLong());
        then(service).should()
            .predictAll(argThat((requests) -> requests.getFirst().readNanos() > 0), anyInt(), anyLong());
    }

    @Test
    void aVersionThatIsBeingLoadedIsAskedForAgainLater() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(new PredictionResult.Refused("BTCUSDT",
                Refusal.MODEL_LOADING, "m:2 is still being loaded, try again", List.of()));

        assertThat(post("/predict", REQUEST)).hasStatus(HttpStatus.SERVICE_UNAVAILABLE)
            .hasHeader("Retry-After", "1")
            .bodyJson()
            .isLenientlyEqualTo("{ \"code\": \"MODEL_LOADING\" }");
    }

    @Test
    void aWindowThatIsFillingSaysHowManyStepsItHasAndNeeds() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(new PredictionResult.WindowFilling("BTCUSDT", 12, 60));

        assertThat(post("/predict", REQUEST)).hasStatus(HttpStatus.CONFLICT).bodyJson().isLenientlyEqualTo("""
                { "code": "WINDOW_FILLING", "have": 12, "need": 60, "status": 409 }""");
    }

    @Test
    void gapsAndConflictsOfAWindowAreToldOnlyWhereThereAreAny() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(predicted(new WindowCoverage(0.5, 60, true)),
                predicted(new WindowCoverage(1, null, false)));

        assertThat(post("/predict", REQUEST)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                { "window_filled": 0.5, "window_gaps": 60, "window_conflict": true }""");
        assertThat(post("/predict", REQUEST)).hasStatusOk()
            .bodyJson()
            .doesNotHavePath("window_gaps")
            .doesNotHavePath("window_conflict")
            .extractingPath("window_filled")
            .isEqualTo(1.0);
    }

    @Test
    void aWindowThatIsFillingSaysWhyItRestarted() throws Exception {
        given(service.predict(any(), anyLong())).willReturn(
                new PredictionResult.WindowFilling("BTCUSDT", new SeriesName("4h", "scaled"), 1, 60, "a gap of 240 s"));

        assertThat(post("/predict", REQUEST)).bodyJson()
            .extractingPath("detail")
            .asString()
            .startsWith("the window of 'BTCUSDT' 4h (window_key 'scaled') has 1 of the 60 steps")
            .endsWith("; it restarted after a gap of 240 s");
    }

    @Test
    void whatElseAModelReturnsIsAnsweredByNameAndRepeatedForTheBot() throws Exception {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("predicted_mae", new Tensor(new int[] { 1 }, new float[] { 0.25f }));
        outputs.put("label", new Tensor(new int[] { 2 }, new long[] { 1, -1 }));
        outputs.put("symbol", new Tensor(new int[0], new String[] { "of the model" }));
        given(service.predict(any(), anyLong()))
            .willReturn(new PredictionResult.Predicted("0199", "BTCUSDT", new Signal(null, null, 0.012f, null, outputs),
                    new ModelId("m", "1"), null, 1_530_000, 0, 0, 0, null, false, OptionalLong.empty()));
        String answer = """
                { "direction": null, "confidence": null, "expected_return": 0.012, "probabilities": null,
                  "outputs": { "predicted_mae": 0.25, "label": [1, -1], "symbol": "of the model" } }""";

        assertThat(post("/api/ml/predict", REQUEST)).hasStatusOk()
            .bodyJson()
            .isLenientlyEqualTo("{\"symbol\": \"BTCUSDT\", \"prediction\": %s}".formatted(answer))
            .doesNotHavePath("$.predicted_mae");
        assertThat(post("/predict", REQUEST)).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                { "symbol": "BTCUSDT", "direction": null, "expected_return": 0.012, "predicted_mae": 0.25,
                  "label": [1, -1], "prediction": %s }""".formatted(answer));
    }

    @Test
    void aMissingBodyIsToldWhichWasExpected() {
        assertThat(post("/api/ml/models/reload", "")).hasStatus(HttpStatus.BAD_REQUEST)
            .bodyJson()
            .extractingPath("detail")
            .isEqualTo("the body is missing: expected a JSON object with model_name, version");
        assertThat(post("/api/ml/models/m/versions/1/stage", "")).bodyJson()
            .extractingPath("detail")
            .isEqualTo("the body is missing: expected a JSON object with stage, reason");
    }

    @Test
    void aParameterThatComesTwiceIsRefused() {
        assertThat(http.get().uri("/api/ml/models?loaded=true&loaded=false")).hasStatus(HttpStatus.BAD_REQUEST)
            .bodyJson()
            .extractingPath("detail")
            .isEqualTo("the query has 2 values for loaded, expected one");
        assertThat(http.get().uri("/api/ml/models?loaded=true")).hasStatusOk();
    }

    @Test
    void aNaNInABatchFailsThatRequestAlone() throws Exception {
        given(service.predictAll(any(), anyInt(), anyLong())).willReturn(List.of(ANSWER, ANSWER));

        assertThat(post("/api/ml/predict/batch", """
                {"requests": [{"symbol": "A", "features": [1]},
                              {"features": {"candle": {"close": NaN, "open": [1, -Infinity]}}, "symbol": "B"},
                              {"symbol": "C", "features": [1]}]}""")).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                { "predictions": [ { "prediction": { "direction": "BUY" } },
                    { "symbol": "B", "error": { "code": "INVALID_FEATURES", "status": 422, "detail":
                       "features.candle.close: expected a finite number, got NaN; \
                features.candle.open[1]: expected a finite number, got -Infinity" } },
                    { "prediction": { "direction": "BUY" } } ],
                  "succeeded": 2, "failed": 1 }""");
    }

    @Test
    void aNaNInABatchBesideItsRequestsIsMalformed() {
        assertThat(post("/api/ml/predict/batch", "{\"requests\": [], \"other\": {\"a\": [NaN]}}"))
            .hasStatus(HttpStatus.BAD_REQUEST)
            .bodyText()
            .doesNotContain("JsonReadFeature");
    }

    private static PredictionResult predicted(WindowCoverage window) {
        return new PredictionResult.Predicted("0199", "BTCUSDT",
                new Signal(Direction.BUY, 0.85f, 0.012f, new Probabilities(0.05f, 0.10f, 0.85f)),
                new ModelId("hybrid_cnn_lstm", "20251114_192715"), window, 1_530_000, 0, 0, 0, null, false,
                OptionalLong.empty());
    }

    @Test
    void healthTellsOfALedgerThatIsAwayAndOfVariantsThatAreNotLoaded() {
        Experiment experiment = new Experiment("e",
                List.of(Variant.serving("control", new ModelId("m", "1"), 0.5),
                        Variant.serving("treatment", new ModelId("m", "2"), 0.5)),
                AssignBy.SYMBOL, Instant.EPOCH, Duration.ofHours(1), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running());
        given(overview.health())
            .willReturn(new RegistryHealth(RegistryHealth.Status.HEALTHY, true, List.of("m:1"), List.of()));
        given(experiments.running()).willReturn(new RunningExperiments(List.of(experiment)));
        given(ledger.problem()).willReturn(Optional.of("the ledger is away"));

        assertThat(http.get().uri("/health")).hasStatusOk().bodyJson().isLenientlyEqualTo("""
                { "status": "degraded", "active_experiments": ["e"], "problems": [ "the ledger is away",
                    "m:2 answers in an experiment but is not loaded, control or production answers instead" ] }""");
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void everyRefusalIsAProblemWithItsCode(Refusal refusal) throws Exception {
        given(service.predict(any(), anyLong())).willReturn(
                new PredictionResult.Refused("BTCUSDT", refusal, "because", List.of(new FieldProblem("f", "m"))));

        MvcTestResult result = post("/predict", REQUEST);

        assertThat(result).hasStatus(ProblemCode.of(refusal).status()).hasContentType("application/problem+json");
        assertThat(result).bodyJson()
            .isLenientlyEqualTo(
                    """
                            { "code": "%s", "detail": "because", "instance": "/predict", "errors": [ { "field": "f", "message": "m" } ] }
                            """
                        .formatted(refusal.name()));
        assertThat(result.getResponse().getHeader("Retry-After"))
            .isEqualTo((result.getResponse().getStatus() == 503) ? "1" : null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', value = { "{|400|MALFORMED_REQUEST", "''|400|MALFORMED_REQUEST",
            "null|400|MALFORMED_REQUEST", "[]|400|MALFORMED_REQUEST", "{} {}|400|MALFORMED_REQUEST",
            "{\"symbol\":1,\"features\":[1]}|400|MALFORMED_REQUEST",
            "{\"symbol\":\"A\",\"symbol\":\"B\",\"features\":[1]}|400|MALFORMED_REQUEST",
            "{\"symbol\":\"A\",\"features\":[NaN]}|422|INVALID_FEATURES",
            "{\"symbol\":\"A\",\"features\":[1],\"other\":NaN}|400|MALFORMED_REQUEST",
            "{\"symbol\":\"A\",\"features\":[NaN}|400|MALFORMED_REQUEST", "{\"features\":[1]}|422|INVALID_REQUEST",
            "{\"symbol\":\"A\"}|422|INVALID_REQUEST", "{\"symbol\":\" \",\"features\":[1]}|422|INVALID_REQUEST",
            "{\"symbol\":\"\",\"features\":[1]}|422|INVALID_REQUEST" })
    void whatCantBeReadIsToldApart(String body, int status, String code) {
        MvcTestResult result = post("/predict", body);

        assertThat(result).hasStatus(status).hasContentType("application/problem+json");
        assertThat(result).bodyJson().extractingPath("code").isEqualTo(code);
    }

    @Test
    void aBatchHasOneEntryARequestInTheirOrder() throws Exception {
        given(service.predictAll(any(), anyInt(), anyLong())).willReturn(List.of(ANSWER,
                new PredictionResult.Refused("ETHUSDT", Refusal.INVALID_FEATURES, "too few", List.of())));

        assertThat(post("/api/ml/predict/batch",
                """
                        {"requests": [{"symbol": "BTCUSDT", "features": [1]}, {"symbol": 5}, {"symbol": "ETHUSDT", "features": [1]}]}
                        """))
            .hasStatusOk()
            .bodyJson()
            .isLenientlyEqualTo(
                    """
                            { "predictions": [
                                { "symbol": "BTCUSDT", "prediction": { "direction": "BUY" } },
                                { "symbol": null, "error": { "code": "MALFORMED_REQUEST", "status": 400,
                                                             "detail": "symbol is a number, expected a string" } },
                                { "symbol": "ETHUSDT", "error": { "code": "INVALID_FEATURES", "status": 422, "detail": "too few" } } ],
                              "succeeded": 1, "failed": 2 }""");
    }

    @Test
    void moreRequestsThanTheLimitAreTooMany() {
        assertThat(post("/api/ml/predict/batch", "{\"requests\": [{}, {}, {}, {}]}"))
            .hasStatus(HttpStatus.CONTENT_TOO_LARGE);
    }

    @Test
    void aCompressedBodyIsNotRead() {
        assertThat(http.post()
            .uri("/predict")
            .contentType(MediaType.APPLICATION_JSON)
            .header("Content-Encoding", "gzip")
            .content(REQUEST)).hasStatus(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() {
        assertThat(post("/predict", "x".repeat(10_001))).hasStatus(HttpStatus.CONTENT_TOO_LARGE);
    }

    private MvcTestResult post(String uri, String body) {
        return http.post().uri(uri).contentType(MediaType.APPLICATION_JSON).content(body).exchange();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Values {

        @Bean
        HealthReasons ledgerReasons(LedgerDatabase ledger) {
            return (registry) -> ledger.problem().stream().toList();
        }

        @Bean
        HealthReasons experimentReasons(Experiments experiments) {
            return new UnloadedVariants(experiments::running);
        }

        @Bean
        Clock clock() {
            return Clock.fixed(Instant.parse("2026-01-02T03:04:05.678Z"), ZoneOffset.UTC);
        }

        @Bean
        LongSupplier nanoTime() {
            return new AtomicLong()::getAndIncrement;
        }

        @Bean
        RequestLimits requestLimits() {
            return new RequestLimits(3, 32, 10_000, 20_000, Long.MAX_VALUE, Long.MAX_VALUE);
        }

    }

}
