package io.modelserver.front.bots;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

import io.modelserver.front.http.RequestBodies;
import io.modelserver.front.http.RequestLimits;
import io.modelserver.front.json.BatchRequestReader;
import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.Millis;
import io.modelserver.front.json.PredictionRequestReader;
import io.modelserver.front.json.Timestamps;
import io.modelserver.front.openapi.ApiDocumentation;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.trading.PredictionResult;
import io.modelserver.trading.PredictionService;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Buy, sell or hold. */
@RestController
@Tag(name = "predict")
final class PredictionController {

    private final PredictionService service;

    private final RequestBodies bodies;

    private final RequestLimits limits;

    private final LongSupplier nanoTime;

    private final Timestamps timestamps;

    PredictionController(PredictionService service, RequestBodies bodies, RequestLimits limits, LongSupplier nanoTime,
            Clock clock) {
        this.service = service;
        this.bodies = bodies;
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.timestamps = new Timestamps(clock);
    }

    @PostMapping(path = "/predict", consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "predict", summary = "One prediction, its answer repeated at the top level")
    @PredictionBody
    BotPredictionJson predictForBot(HttpServletRequest request) throws IOException, InterruptedException {
        return BotPredictionJson.of(predict(request));
    }

    @PostMapping(path = "/api/ml/predict", consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "predictMl", summary = "One prediction")
    @PredictionBody
    PredictionJson predict(HttpServletRequest request) throws IOException, InterruptedException {
        try (RequestBodies.RequestBody body = bodies.read(request)) {
            long arrival = nanoTime.getAsLong();
            return switch (service.predict(new PredictionRequestReader(body.json(), nanoTime).read(), arrival)) {
                case PredictionResult.Predicted predicted -> PredictionJson.of(predicted, timestamps.now());
                case PredictionResult.WindowFilling filling -> throw new ProblemException(ProblemCode.WINDOW_FILLING,
                        describe(filling), Map.of("have", filling.have(), "need", filling.need()));
                case PredictionResult.Refused refused ->
                    throw new ProblemException(ProblemCode.of(refused.reason()), refused.detail(), refused.problems());
            };
        }
    }

    @PostMapping(path = "/api/ml/predict/batch", consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "predictBatch", summary = "Many predictions; one that fails does not affect the others")
    @RequestBody(required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = BatchRequestJson.class),
                    examples = @ExampleObject(name = "batch", ref = ApiDocumentation.EXAMPLES + "batch")))
    BatchJson predictBatch(HttpServletRequest request) throws IOException, InterruptedException {
        try (RequestBodies.RequestBody body = bodies.read(request)) {
            return predictBatch(body.json());
        }
    }

    private BatchJson predictBatch(JsonSlice body) throws InterruptedException {
        long arrival = nanoTime.getAsLong();
        BatchRequestReader.Batch batch = new BatchRequestReader(body, limits.maxRequests(), nanoTime).read();
        Iterator<PredictionResult> results = service
            .predictAll(batch.requests(), Math.min(batch.maxBatchSize(), limits.maxBatchSize()), arrival)
            .iterator();
        List<BatchEntryJson> entries = new ArrayList<>();
        for (BatchRequestReader.Entry entry : batch.entries()) {
            entries.add(switch (entry) {
                case BatchRequestReader.Entry.Usable usable -> entry(results.next());
                case BatchRequestReader.Entry.Unusable(String symbol, ProblemException problem) ->
                    failed(symbol, problem.code(), problem.detail());
            });
        }
        int failed = (int) entries.stream().filter(BatchEntryJson.Failed.class::isInstance).count();
        return new BatchJson(entries, Millis.of(nanoTime.getAsLong() - arrival), entries.size() - failed, failed);
    }

    private BatchEntryJson entry(PredictionResult result) {
        return switch (result) {
            case PredictionResult.Predicted predicted -> PredictionJson.of(predicted, timestamps.now());
            case PredictionResult.WindowFilling filling ->
                failed(filling.symbol(), ProblemCode.WINDOW_FILLING, describe(filling));
            case PredictionResult.Refused refused ->
                failed(refused.symbol(), ProblemCode.of(refused.reason()), refused.detail());
        };
    }

    private static String describe(PredictionResult.WindowFilling filling) {
        String restart = (filling.restart() != null) ? "; it restarted after " + filling.restart() : "";
        return "the window of %s has %d of the %d steps that the model looks at%s"
            .formatted(filling.series().describe(filling.symbol()), filling.have(), filling.need(), restart);
    }

    private static BatchEntryJson failed(@Nullable String symbol, ProblemCode code, String detail) {
        return new BatchEntryJson.Failed(symbol, new BatchEntryJson.Reason(code.name(), code.status().value(), detail));
    }

}
