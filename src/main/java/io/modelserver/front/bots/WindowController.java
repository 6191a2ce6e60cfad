package io.modelserver.front.bots;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.modelserver.front.http.RequestBodies;
import io.modelserver.front.json.PredictionRequestReader;
import io.modelserver.front.json.RequestAddress;
import io.modelserver.front.openapi.ApiDocumentation;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.trading.HistoryResult;
import io.modelserver.trading.PredictionRequest;
import io.modelserver.trading.SeriesName;
import io.modelserver.trading.WindowService;
import io.modelserver.window.WindowStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Shows, fills and empties the windows of symbols; as open as the predictions that fill
 * them step by step.
 */
@RestController
@RequestMapping(path = "/api/ml/windows", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "windows")
final class WindowController {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final WindowService service;

    private final RequestBodies bodies;

    private final LongSupplier nanoTime;

    WindowController(WindowService service, RequestBodies bodies, LongSupplier nanoTime) {
        this.service = service;
        this.bodies = bodies;
        this.nanoTime = nanoTime;
    }

    @GetMapping
    @Operation(operationId = "listWindows",
            summary = "The window of every series: steps or order books it has and needs, seconds since the last, its "
                    + "period and gaps")
    List<WindowStatus> list() {
        return service.list();
    }

    /** A symbol may hold a slash, so it takes the rest of the path. */
    @PutMapping(path = "/{*symbol}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "fillWindow", summary = "Fill the window of a symbol with its history")
    @RequestBody(required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = HistoryJson.class),
                    examples = @ExampleObject(name = "sequence", ref = ApiDocumentation.EXAMPLES + "sequence")))
    FilledWindowJson fill(@PathVariable String symbol, @RequestParam(required = false) @Nullable String timeframe,
            @RequestParam(name = "window_key", required = false) @Nullable String windowKey,
            @RequestParam(name = "model_name", required = false) @Nullable String modelName,
            @RequestParam(name = "model_version", required = false) @Nullable String modelVersion,
            HttpServletRequest request) throws IOException, InterruptedException {
        try (RequestBodies.RequestBody body = bodies.read(request)) {
            PredictionRequest history = new PredictionRequestReader(body.json(),
                    new RequestAddress(symbolOf(symbol), timeframe, windowKey, modelName, modelVersion), nanoTime)
                .read();
            return switch (service.fill(history, nanoTime.getAsLong() + PATIENCE_NANOS)) {
                case HistoryResult.Kept kept -> new FilledWindowJson(kept.window(), kept.dropped(), kept.reason());
                case HistoryResult.Refused(var refusal) ->
                    throw new ProblemException(ProblemCode.of(refusal.reason()), refusal.detail(), refusal.problems());
            };
        }
    }

    @DeleteMapping("/{*symbol}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "emptyWindow", summary = "Empty the windows of a symbol, or that of one of its series")
    void empty(@PathVariable String symbol, @RequestParam(required = false) @Nullable String timeframe,
            @RequestParam(name = "window_key", required = false) @Nullable String windowKey) {
        if (!service.remove(symbolOf(symbol), timeframe, windowKey)) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "there is no window of %s"
                .formatted(new SeriesName(timeframe, windowKey).describe(symbolOf(symbol))));
        }
    }

    private static String symbolOf(String restOfPath) {
        if (restOfPath.length() < 2) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "expected a symbol: /api/ml/windows/{symbol}");
        }
        return restOfPath.substring(1);
    }

}
