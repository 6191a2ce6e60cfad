package io.modelserver.web;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.ComposedSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.NumberSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What {@code /openapi.json} says about experiments beyond the controllers' signatures.
 */
@Configuration(proxyBeanMethods = false)
class ExperimentDocumentation {

    private static final String EXAMPLE_ID = "new_against_old";

    private static final Map<String, String> PARAMETERS = Map.of("id", EXAMPLE_ID, "model", "hybrid_cnn_lstm", "from",
            "2026-01-02", "to", "2026-01-03T00:00:00Z", "format", "csv");

    private static final Set<String> ALWAYS_THERE = Set.of("samples", "units", "outcomes", "pairs", "alpha", "traffic",
            "control_traffic", "treatment_traffic", "duration_hours", "min_samples", "latency_ms", "received", "stored",
            "repeated", "control", "treatment", "difference", "answered", "time_blocks");

    private static final List<String> SCHEMAS = List.of("ExperimentJson", "ExperimentRequestJson", "GuardrailsJson",
            "MetricsJson", "ImprovementJson", "SignificanceJson", "ComparisonJson", "DifferenceJson", "SampleRatioJson",
            "CoverageJson", "OfDirectionJson", "ShadowJson", "RecommendationJson");

    private static final Set<String> NULLABLE_TEXT = Set.of("ended_at", "end_reason", "treatment_model_name",
            "treatment_model_version", "withheld", "variant", "outcome_horizon");

    @Bean
    OpenApiCustomizer documentedExperiments() {
        return (api) -> {
            SCHEMAS.stream().map(api.getComponents().getSchemas()::get).forEach(ExperimentDocumentation::describeNulls);
            example(api, "/api/ml/ab-test/create", "experiment.json");
            describeOutcomes(api);
            describeExport(api);
            api.getPaths().forEach((path, item) -> {
                if (path.startsWith("/api/ml/ab-test") || path.startsWith("/api/ml/ledger")) {
                    item.readOperations()
                        .stream()
                        .filter((operation) -> operation.getParameters() != null)
                        .flatMap((operation) -> operation.getParameters().stream())
                        .forEach(ExperimentDocumentation::describeParameter);
                }
            });
        };
    }

    private static void describeNulls(Schema<?> schema) {
        schema.getProperties().forEach((name, property) -> describeNull(name, property));
    }

    private static void describeNull(String name, Schema<?> property) {
        String type = property.getType();
        boolean number = "number".equals(type) && !ALWAYS_THERE.contains(name);
        if (type != null && (number || NULLABLE_TEXT.contains(name))) {
            property.setTypes(new LinkedHashSet<>(List.of(type, "null")));
        }
    }

    private static void example(OpenAPI api, String path, String file) {
        PathItem item = api.getPaths().get(path);
        if (item != null) {
            item.getPost()
                .getRequestBody()
                .getContent()
                .values()
                .forEach((media) -> media.addExamples("bundled", new Example().value(ApiDocumentation.read(file))));
        }
    }

    private static void describeOutcomes(OpenAPI api) {
        Schema<?> outcome = new ObjectSchema().addProperty("prediction_id", new StringSchema().format("uuid"))
            .addProperty("actual_return",
                    new NumberSchema().minimum(BigDecimal.ONE.negate())
                        .description("what the price did, as a fraction of it: 0.012 is 1.2 %; up or down at most "
                                + "modelserver.experiment.max-return"))
            .addProperty("closed_at",
                    new StringSchema().format("date-time")
                        .description("when the position was closed: after the prediction, and not in the future"))
            .addProperty("fee", new NumberSchema().minimum(BigDecimal.ZERO)
                .description("what acting on the advice cost, as a fraction of the price: 0.001 is 0.1 %"));
        outcome.setRequired(List.of("prediction_id", "actual_return"));
        api.getComponents().addSchemas("Outcome", outcome);
        Schema<?> reference = new Schema<>().$ref("#/components/schemas/Outcome");
        PathItem item = api.getPaths().get("/api/ml/outcomes");
        if (item != null) {
            item.getPost()
                .getRequestBody()
                .getContent()
                .values()
                .forEach((media) -> media
                    .schema(new ComposedSchema().oneOf(List.of(reference, new ArraySchema().items(reference))))
                    .addExamples("one", new Example().value(ApiDocumentation.read("outcome.json"))));
        }
    }

    private static void describeExport(OpenAPI api) {
        PathItem item = api.getPaths().get("/api/ml/ledger/predictions");
        if (item != null) {
            item.getGet()
                .getResponses()
                .addApiResponse("200", new ApiResponse().description(
                        "one row per prediction, the oldest first, each followed by the shadows' answers (`shadow` is true)")
                    .content(new Content().addMediaType("text/csv", new MediaType().schema(new StringSchema()))
                        .addMediaType("application/jsonl", new MediaType().schema(new StringSchema()))));
        }
    }

    private static void describeParameter(Parameter parameter) {
        String example = PARAMETERS.get(parameter.getName());
        if (example != null) {
            parameter.setExample(example);
        }
    }

}
