package io.modelserver.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.ComposedSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code /openapi.json} says beyond the controllers' signatures: bodies that are
 * read as bytes, problems, and examples that run on the bundled model.
 */
@Configuration(proxyBeanMethods = false)
class ApiDocumentation {

    private static final String JSON = "application/json";

    private static final String REQUEST = "PredictionRequest";

    private static final Map<String, String> PARAMETERS = Map.of("symbol", "BTCUSDT", "name", "hybrid_cnn_lstm",
            "version", "20251121_081530");

    private static final Set<String> NULLABLE = Set.of("expected_return", "experiment_id", "variant", "window_filled",
            "model_type", "framework", "size_mb", "engine", "engine_reason", "created_at", "sha256", "previous_version",
            "failed_variant", "window_gaps", "window_conflict", "timeframe", "window_key", "period", "gaps",
            "dropped_reason");

    private static final Map<String, String> EXAMPLES = Map.of("numbers", "predict.json", "sequence", "sequence.json",
            "step", "step.json", "batch", "batch.json");

    private static final String PROBLEM = "Problem";

    /**
     * The documentation's schemas are made by Jackson 2, which must name fields as the
     * answers do.
     */
    @Bean
    ModelResolver snakeCaseSchemas() {
        return new ModelResolver(new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE));
    }

    @Bean
    OpenApiCustomizer documentation(ObjectProvider<BuildProperties> build) {
        return (api) -> {
            BuildProperties properties = build.getIfAvailable();
            api.info(new Info().title("ML Model Server")
                .version((properties != null) ? properties.getVersion() : "development")
                .description("Buy, sell or hold in a few milliseconds, or a fast, clear refusal. Every error is "
                        + "`application/problem+json` with a `code`."));
            api.servers(List.of(new Server().url("./").description("this server")));
            api.tags(List.of(tag("predict", "Buy, sell or hold"), tag("windows", "The last steps of each symbol"),
                    tag("models", "The registry: what is live and in which stage; changes need a key of scope `admin`"),
                    tag("experiments",
                            "Versions compared on live traffic, by what really happened; changes need a key of scope "
                                    + "`admin`, outcomes one of scope `outcome`"),
                    tag("health", "Whether this server can answer")));
            describeSchemas(api.getComponents());
            EXAMPLES.forEach((name, file) -> api.getComponents().addExamples(name, new Example().value(read(file))));
            describeBody(api, "/predict", reference(REQUEST), examples("numbers", "sequence", "step"));
            describeBody(api, "/api/ml/predict", reference(REQUEST), examples("numbers", "sequence", "step"));
            describeBody(api, "/api/ml/predict/batch", batchRequest(), examples("batch"));
            describeBody(api, "/api/ml/windows/{symbol}", history(), examples("sequence"));
            describeBody(api, "/api/ml/models/{name}/reload", null, value("production", Map.of()));
            describeBody(api, "/api/ml/models/reload", reloadRequest(),
                    value("production", Map.of("model_name", "hybrid_cnn_lstm")));
            describeBody(api, "/api/ml/models/{name}/versions/{version}/stage", null,
                    value("promote", Map.of("stage", "PRODUCTION")));
            api.getPaths().forEach((path, item) -> item.readOperations().forEach((operation) -> {
                if (path.equals("/api/ml/health")) {
                    operation.operationId("healthMl");
                }
                describeParameters(operation);
                describeProblems(operation, path.endsWith("/predict"));
            }));
        };
    }

    private static Tag tag(String name, String description) {
        return new Tag().name(name).description(description);
    }

    private static void describeSchemas(Components components) {
        components.getSchemas().values().forEach(ApiDocumentation::describeNulls);
        components.addSchemas(REQUEST, predictionRequest());
        components.addSchemas(PROBLEM, problem());
        components.addSchemas("BatchEntryJson",
                new ComposedSchema().oneOf(List.of(reference("PredictionJson"),
                        new ObjectSchema().addProperty("symbol", nullable(new StringSchema()))
                            .addProperty("error",
                                    new ObjectSchema().addProperty("code", new StringSchema())
                                        .addProperty("status", new IntegerSchema())
                                        .addProperty("detail", new StringSchema())))));
    }

    private static void describeNulls(Schema<?> schema) {
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, property) -> {
                if (NULLABLE.contains(name)) {
                    nullable(property);
                }
                if (name.equals("metrics")) {
                    property.setAdditionalProperties(true);
                }
            });
        }
    }

    private static void describeBody(OpenAPI api, String path, @Nullable Schema<?> schema,
            Map<String, Example> examples) {
        PathItem item = api.getPaths().get(path);
        Operation operation = (item == null) ? null : (item.getPost() != null) ? item.getPost() : item.getPut();
        if (operation == null) {
            return;
        }
        RequestBody body = operation.getRequestBody();
        if (body == null) {
            body = new RequestBody().required(true).content(new Content().addMediaType(JSON, new MediaType()));
            operation.setRequestBody(body);
        }
        for (MediaType media : body.getContent().values()) {
            if (schema != null) {
                media.setSchema(schema);
            }
            media.setExamples(examples);
        }
    }

    private static void describeParameters(Operation operation) {
        if (operation.getParameters() != null) {
            operation.getParameters().forEach((parameter) -> parameter.setExample(PARAMETERS.get(parameter.getName())));
        }
    }

    private static void describeProblems(Operation operation, boolean predicts) {
        ApiResponses responses = (operation.getResponses() != null) ? operation.getResponses() : new ApiResponses();
        responses.putIfAbsent("default", problemResponse("A problem, identified by its `code`"));
        if (predicts) {
            responses.putIfAbsent("409", problemResponse("`WINDOW_FILLING`, `STALE_STEP` or `MODEL_REJECTED`"));
            responses.putIfAbsent("422", problemResponse("`INVALID_REQUEST` or `INVALID_FEATURES`"));
            responses.putIfAbsent("503", problemResponse(
                    "`NO_PRODUCTION_MODEL`, `MODEL_LOADING`, `OVERLOADED` or `SHUTTING_DOWN`, with `Retry-After`"));
            responses.putIfAbsent("504", problemResponse("`DEADLINE_EXCEEDED`"));
        }
        operation.setResponses(responses);
    }

    static ApiResponse problemResponse(String description) {
        return new ApiResponse().description(description)
            .content(
                    new Content().addMediaType("application/problem+json", new MediaType().schema(reference(PROBLEM))));
    }

    private static Schema<?> reference(String name) {
        return new Schema<>().$ref("#/components/schemas/" + name);
    }

    private static Schema<?> predictionRequest() {
        Schema<?> schema = new ObjectSchema()
            .addProperty("symbol",
                    new StringSchema().minLength(1)
                        .maxLength(128)
                        .description("the instrument: printable characters of any script"))
            .addProperty("features", new Schema<>().description(
                    "a flat array in row-major order, a nested array of exactly the input shape, an object of named "
                            + "features (one time step), or a list of such objects"))
            .addProperty("timestamp",
                    new Schema<>().description(
                            "when a step without a time of its own was observed: milliseconds since 1970, ISO-8601, or "
                                    + "seconds of ten digits"))
            .addProperty("timeframe",
                    series(16, "length of a candle, e.g. `1m` or `4h`: tells the symbol's series apart, "
                            + "and is the period of its window; default: the model's own, else learned from the steps"))
            .addProperty("window_key", series(64, "what else tells two series of one symbol apart"))
            .addProperty("raw_lob", nullable(new ArraySchema().items(new ArraySchema())).description(
                    "[[[price, quantity] … asks], [[price, quantity] … bids]], for models that have such an input"))
            .addProperty("model_name",
                    nullable(new StringSchema()).description("default: the configured default model"))
            .addProperty("model_version", nullable(new StringSchema()).description(
                    "absent, null, `latest` or `production`: the version in PRODUCTION; `staging`; or an exact version"))
            .addProperty("routing_key",
                    nullable(new StringSchema()).description("the unit of an A/B assignment by key"))
            .addProperty("experiment_id",
                    nullable(new StringSchema()).description("asks for that experiment's routing"));
        schema.setRequired(List.of("symbol", "features"));
        return schema;
    }

    private static Schema<?> series(int longest, String description) {
        return nullable(new StringSchema().minLength(1).maxLength(longest)).description(description);
    }

    private static Schema<?> nullable(Schema<?> schema) {
        String type = schema.getType();
        if (type != null) {
            schema.setTypes(new LinkedHashSet<>(List.of(type, "null")));
        }
        return schema;
    }

    private static Schema<?> batchRequest() {
        Schema<?> schema = new ObjectSchema().addProperty("requests", new ArraySchema().items(reference(REQUEST)))
            .addProperty("max_batch_size",
                    new IntegerSchema().description("the most that go through the model at once"));
        schema.setRequired(List.of("requests"));
        return schema;
    }

    private static Schema<?> history() {
        Schema<?> schema = new ObjectSchema()
            .addProperty("features",
                    new Schema<>().description("a list of steps: arrays of numbers, or named features"))
            .addProperty("model_name", nullable(new StringSchema()))
            .addProperty("model_version", nullable(new StringSchema()));
        schema.setRequired(List.of("features"));
        return schema;
    }

    private static Schema<?> reloadRequest() {
        Schema<?> schema = new ObjectSchema().addProperty("model_name", new StringSchema())
            .addProperty("version", nullable(new StringSchema()).description("default: the one in production"));
        schema.setRequired(List.of("model_name"));
        return schema;
    }

    private static Schema<?> problem() {
        return new ObjectSchema().addProperty("type", new StringSchema())
            .addProperty("title", new StringSchema())
            .addProperty("status", new IntegerSchema())
            .addProperty("detail", new StringSchema())
            .addProperty("instance", new StringSchema())
            .addProperty("code", new StringSchema())
            .addProperty("have", new IntegerSchema().description("steps that have arrived, in `WINDOW_FILLING`"))
            .addProperty("need", new IntegerSchema().description("steps that the model looks at"))
            .addProperty("errors", new ArraySchema().items(new ObjectSchema().addProperty("field", new StringSchema())
                .addProperty("message", new StringSchema())));
    }

    private static Map<String, Example> examples(String... names) {
        Map<String, Example> examples = new LinkedHashMap<>();
        for (String name : names) {
            examples.put(name, new Example().$ref("#/components/examples/" + name));
        }
        return examples;
    }

    private static Map<String, Example> value(String name, Object value) {
        return Map.of(name, new Example().value(value));
    }

    static Object read(String file) {
        try (InputStream in = new ClassPathResource("examples/" + file).getInputStream()) {
            return JsonMapper.shared().readValue(in, Object.class);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
