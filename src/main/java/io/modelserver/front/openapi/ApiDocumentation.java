package io.modelserver.front.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.modelserver.front.http.Paths;
import io.modelserver.front.operators.VersionStatusJson;
import io.modelserver.front.problem.ProblemJson;
import io.modelserver.registry.store.VersionStatus;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code /openapi.json} says beyond the controllers and the records of their bodies:
 * what the server is, problems, and examples that run on the bundled models. An example
 * is the file of its name in {@code config/examples}.
 */
@Configuration(proxyBeanMethods = false)
public class ApiDocumentation {

    /** Before the name of an example's file, without its ending. */
    public static final String EXAMPLES = "#/components/examples/";

    private static final Map<String, String> PARAMETERS = Map.of("symbol", "BTCUSDT", "name", "hybrid_cnn_lstm",
            "version", "20251121_081530", "id", "new_against_old", "model", "hybrid_cnn_lstm", "from", "2026-01-02",
            "to", "2026-01-03T00:00:00Z", "format", "csv");

    private static final String PROBLEM = "Problem";

    ApiDocumentation() {
    }

    /**
     * The documentation's schemas are made by Jackson 2, which must name and leave out
     * fields as the answers do.
     */
    @Bean
    RecordSchemas recordSchemas() {
        return new RecordSchemas(new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addMixIn(VersionStatus.class, VersionStatusJson.class));
    }

    @Bean
    OpenApiCustomizer documentation(ObjectProvider<BuildProperties> build) {
        return (api) -> {
            BuildProperties properties = build.getIfAvailable();
            api.info(new Info().title("ML Model Server")
                .version((properties != null) ? properties.getVersion() : "development")
                .description("Buy, sell or hold in a few milliseconds, or a fast, clear refusal. Every error is "
                        + "`application/problem+json` with a `code`; below `/v2` it is `{\"error\": …}`."));
            api.servers(List.of(new Server().url("./").description("this server")));
            api.tags(List.of(tag("predict", "Buy, sell or hold"), tag("windows", "The last steps of each symbol"),
                    tag("models", "The registry: what is live and in which stage; changes need a key of scope `admin`"),
                    tag("experiments",
                            "Versions compared on live traffic, by what really happened; changes need a key of scope "
                                    + "`admin`, outcomes one of scope `outcome`"),
                    tag("inference", "The Open Inference Protocol, version 2: tensors in, tensors out; errors are "
                            + "`{\"error\": …}`"),
                    tag("health", "Whether this server can answer")));
            ModelConverters.getInstance(true)
                .readAll(ProblemJson.class)
                .forEach((name, schema) -> api.getComponents().addSchemas(name, schema));
            api.getPaths().forEach((path, item) -> item.readOperations().forEach((operation) -> {
                if (path.equals("/api/ml/health")) {
                    operation.operationId("healthMl");
                }
                describeParameters(operation);
                describeProblems(path, operation);
                addExamples(api, operation);
            }));
        };
    }

    private static Tag tag(String name, String description) {
        return new Tag().name(name).description(description);
    }

    private static void describeParameters(Operation operation) {
        if (operation.getParameters() != null) {
            operation.getParameters().forEach((parameter) -> parameter.setExample(PARAMETERS.get(parameter.getName())));
        }
    }

    private static void describeProblems(String path, Operation operation) {
        ApiResponses responses = (operation.getResponses() != null) ? operation.getResponses() : new ApiResponses();
        responses.putIfAbsent("default", failure(path, "A problem, identified by its `code`"));
        if (path.endsWith("/predict")) {
            responses.putIfAbsent("409", problemResponse("`WINDOW_FILLING`, `STALE_STEP` or `MODEL_REJECTED`"));
            responses.putIfAbsent("422", problemResponse("`INVALID_REQUEST` or `INVALID_FEATURES`"));
            responses.putIfAbsent("503", problemResponse(
                    "`NO_PRODUCTION_MODEL`, `MODEL_LOADING`, `OVERLOADED` or `SHUTTING_DOWN`, with `Retry-After`"));
            responses.putIfAbsent("504", problemResponse("`DEADLINE_EXCEEDED`"));
        }
        operation.setResponses(responses);
    }

    /**
     * {@return a response that every call of a path may have}
     * @param path of the call
     * @param description of a problem; an error of the Open Inference Protocol has no
     * code
     */
    static ApiResponse failure(String path, String description) {
        return Paths.isOfInference(path)
                ? new ApiResponse().description("An error, in a sentence")
                    .content(new Content().addMediaType("application/json", new MediaType()
                        .schema(new ObjectSchema().addProperty("error", new StringSchema()).addRequiredItem("error"))))
                : problemResponse(description);
    }

    private static ApiResponse problemResponse(String description) {
        return new ApiResponse().description(description)
            .content(new Content().addMediaType("application/problem+json",
                    new MediaType().schema(new Schema<>().$ref(Components.COMPONENTS_SCHEMAS_REF + PROBLEM))));
    }

    private static void addExamples(OpenAPI api, Operation operation) {
        if (operation.getRequestBody() != null) {
            operation.getRequestBody()
                .getContent()
                .values()
                .stream()
                .filter((media) -> media.getExamples() != null)
                .flatMap((media) -> media.getExamples().values().stream())
                .map(Example::get$ref)
                .filter(Objects::nonNull)
                .map((reference) -> reference.substring(EXAMPLES.length()))
                .forEach((name) -> api.getComponents().addExamples(name, new Example().value(read(name))));
        }
    }

    private static Object read(String example) {
        try (InputStream in = new ClassPathResource("examples/%s.json".formatted(example)).getInputStream()) {
            return JsonMapper.shared().readValue(in, Object.class);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
