package io.modelserver.front.openapi;

import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelserver.drift.DriftMonitor;
import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.front.WireConfiguration;
import io.modelserver.front.bots.BatchEntryJson;
import io.modelserver.front.bots.BotPredictionJson;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.front.operators.AnalysisJson;
import io.modelserver.front.operators.AnalysisTexts;
import io.modelserver.ledger.Outcomes;
import io.modelserver.ledger.PredictionArchive;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.oip.InferenceService;
import io.modelserver.oip.ModelCatalog;
import io.modelserver.oip.ModelControl;
import io.modelserver.registry.live.DefaultModel;
import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.SampleInputs;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.route.Routes;
import io.modelserver.trading.PredictionService;
import io.modelserver.trading.WindowService;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.media.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;

/** That the document says what is answered and read, told by the code alone. */
@WebMvcTest
@Import({ WireConfiguration.class, ApiDocumentation.class })
@ImportAutoConfiguration({ SpringDocConfiguration.class, SpringDocConfigProperties.class,
        SpringDocWebMvcConfiguration.class, SwaggerUiConfigProperties.class })
@MockitoBean(types = { PredictionService.class, WindowService.class, RegistryOverview.class, Promotions.class,
        DriftMonitor.class, Experiments.class, AnalysisTexts.class, LedgerDatabase.class, PredictionArchive.class,
        HealthReasons.class, SampleInputs.class, Routes.class, DefaultModel.class, LiveVersions.class,
        InferenceService.class, ModelCatalog.class, ModelControl.class, ApplicationAvailability.class })
class ApiDocumentationTest {

    @MockitoBean
    Outcomes outcomes;

    @Autowired
    MockMvcTester http;

    @Autowired
    JsonMapper mapper;

    @Autowired
    RequestMappingHandlerMapping mappings;

    private JsonNode document;

    @BeforeEach
    void make() throws Exception {
        document = mapper.readTree(http.get().uri("/openapi.json").exchange().getResponse().getContentAsByteArray());
        given(outcomes.limits()).willReturn(new OutcomeLimits(1, Duration.ofMinutes(1)));
    }

    @Test
    void everyAnswerIsAsItsSchemaSays() {
        Map<String, Type> answers = answers();

        assertThat(answers).containsKeys("POST /predict", "GET /api/ml/models/{name}/drift",
                "PUT /api/ml/windows/{symbol}");
        assertThat(answers).allSatisfy((call, type) -> {
            JsonNode schema = operation(call).at("/responses/200/content/application~1json/schema");
            assertThat(schema.isMissingNode()).as("the schema of %s", call).isFalse();
            for (AnswerSamples samples : AnswerSamples.values()) {
                assertThat(faults(mapper.valueToTree(samples.answer(type)), schema)).as(call).isEmpty();
            }
        });
    }

    @Test
    void everyRecordOfAnAnswerHasItsPropertiesInTheDocument() {
        Set<Class<?>> records = answers().values()
            .stream()
            .flatMap((type) -> AnswerSamples.records(type).stream())
            .collect(Collectors.toSet());

        assertThat(records).contains(BotPredictionJson.class, BatchEntryJson.Failed.class, AnalysisJson.class);
        assertThat(records).allSatisfy((record) -> {
            JsonNode schema = document.at("/components/schemas/" + name(record));
            JsonNode full = mapper.valueToTree(AnswerSamples.FULL.answer(record));
            JsonNode sparse = mapper.valueToTree(AnswerSamples.SPARSE.answer(record));
            assertThat(schema.at("/type").asString("")).as("%s", record).isEqualTo("object");
            assertThat(schema.at("/properties").propertyNames()).as("%s", record)
                .containsExactlyInAnyOrderElementsOf(full.propertyNames());
            assertThat(schema.at("/required").valueStream().map(JsonNode::asString)).as("required of %s", record)
                .containsExactlyInAnyOrderElementsOf(names(sparse, (value) -> !value.isNull()));
            assertThat(names(schema.at("/properties"), ApiDocumentationTest::mayBeNull)).as("null in %s", record)
                .containsExactlyInAnyOrderElementsOf(names(sparse, JsonNode::isNull));
            assertThat(schema.at("/properties").valueStream()).as("%s", record)
                .allSatisfy((property) -> assertThat(property.propertyNames()).containsAnyOf("type", "$ref", "oneOf"));
        });
    }

    @Test
    void everyExampleIsAsItsSchemaSaysAndIsRead() {
        Map<String, JsonNode> examples = new HashMap<>();
        document.at("/paths").forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
            JsonNode media = operation.at("/requestBody/content/application~1json");
            media.at("/examples").forEachEntry((name, example) -> {
                JsonNode value = resolved(example).at("/value");
                examples.put(path + " " + name, value);
                assertThat(faults(value, media.at("/schema"))).as("%s of %s", name, path).isEmpty();
                assertThat(send(method, path, value).getResponse().getStatus()).as("%s of %s", name, path)
                    .isNotIn(400, 405, 413, 415, 422);
            });
        }));

        assertThat(examples).containsKeys("/predict numbers", "/api/ml/predict/batch batch", "/api/ml/outcomes one",
                "/api/ml/ab-test/create bundled", "/api/ml/models/reload production");
    }

    @Test
    void everyTextOfAPredictionThatIsDocumentedIsRead() {
        List<String> texts = names(document.at("/components/schemas/PredictionRequest/properties"),
                (property) -> types(property).equals(Set.of("string"))
                        || types(property).equals(Set.of("string", "null")));

        assertThat(texts).contains("symbol", "routing_key").allSatisfy((name) -> {
            ObjectNode body = mapper.createObjectNode()
                .put("symbol", "BTCUSDT")
                .set("features", mapper.createArrayNode().add(1));
            MvcTestResult refused = send("post", "/predict", body.set(name, mapper.createArrayNode()));
            assertThat(refused).hasStatus(400).bodyText().contains(name);
        });
    }

    @Test
    void aProblemIsAsItsSchemaSays() throws Exception {
        ObjectNode nothing = mapper.createObjectNode();
        JsonNode problem = mapper.readTree(send("post", "/predict", nothing).getResponse().getContentAsByteArray());
        JsonNode schema = document.at("/components/schemas/Problem");

        assertThat(faults(problem, schema)).isEmpty();
        assertThat(schema.at("/properties").propertyNames()).containsAll(problem.propertyNames());
        assertThat(schema.at("/required").valueStream().map(JsonNode::asString)).containsExactlyInAnyOrder("type",
                "title", "status", "detail", "code");
    }

    @Test
    void nothingIsDocumentedThatNoCallRefersTo() {
        String text = document.toString();

        assertThat(Stream.of("schemas", "examples")
            .flatMap((kind) -> document.at("/components/" + kind)
                .propertyNames()
                .stream()
                .map((name) -> "\"#/components/%s/%s\"".formatted(kind, name))))
            .allSatisfy((reference) -> assertThat(text).contains(reference));
    }

    /** The type of each call's answer that has a body, by method and path. */
    private Map<String, Type> answers() {
        Map<String, Type> answers = new HashMap<>();
        mappings.getHandlerMethods().forEach((mapping, handler) -> {
            Type type = handler.getMethod().getGenericReturnType();
            if (isDocumented(handler.getBeanType()) && type != void.class) {
                calls(mapping).forEach((call) -> answers.put(call, type));
            }
        });
        return answers;
    }

    private static boolean isDocumented(Class<?> controller) {
        return controller.getPackageName().startsWith("io.modelserver")
                && controller.isAnnotationPresent(RestController.class)
                && !controller.isAnnotationPresent(Hidden.class);
    }

    private static List<String> calls(RequestMappingInfo mapping) {
        List<String> calls = new ArrayList<>();
        mapping.getMethodsCondition()
            .getMethods()
            .forEach((method) -> mapping.getPatternValues()
                .forEach((path) -> calls.add(method + " " + path.replace("{*", "{"))));
        return calls;
    }

    private JsonNode operation(String call) {
        int path = call.indexOf(' ') + 1;
        return document.at("/paths")
            .path(call.substring(path))
            .path(call.substring(0, path - 1).toLowerCase(Locale.ROOT));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asString().substring(1)) : node;
    }

    private List<String> faults(JsonNode value, JsonNode schema) {
        ObjectNode whole = mapper.createObjectNode();
        whole.putArray("allOf").add(schema);
        whole.set("components", document.at("/components"));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(whole)
            .validate(value)
            .stream()
            .map(Object::toString)
            .toList();
    }

    private MvcTestResult send(String method, String path, JsonNode body) {
        return http.method(HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)))
            .uri(path.replace("{symbol}", "BTCUSDT").replaceAll("[{}]", ""))
            .contentType(MediaType.APPLICATION_JSON)
            .content(body.toString())
            .exchange();
    }

    private static String name(Class<?> record) {
        Schema named = record.getAnnotation(Schema.class);
        return (named != null && !named.name().isEmpty()) ? named.name() : record.getSimpleName();
    }

    private static List<String> names(JsonNode object, Predicate<JsonNode> filter) {
        return object.propertyStream()
            .filter((property) -> filter.test(property.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    }

    private static boolean mayBeNull(JsonNode schema) {
        return types(schema).contains("null")
                || schema.at("/oneOf").valueStream().anyMatch((one) -> types(one).contains("null"));
    }

    private static Set<String> types(JsonNode schema) {
        JsonNode type = schema.at("/type");
        return type.isArray() ? type.valueStream().map(JsonNode::asString).collect(Collectors.toSet())
                : type.isString() ? Set.of(type.asString()) : Set.of();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Values {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        LongSupplier nanoTime() {
            return new AtomicLong()::getAndIncrement;
        }

        @Bean
        RequestLimits requestLimits() {
            return new RequestLimits(100, 32, 10_000_000, 20_000_000, Long.MAX_VALUE, Long.MAX_VALUE);
        }

    }

}
