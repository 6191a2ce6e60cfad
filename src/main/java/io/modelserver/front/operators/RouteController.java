package io.modelserver.front.operators;

import java.util.List;

import io.modelserver.registry.live.DefaultModel;
import io.modelserver.registry.live.LiveVersions;
import io.modelserver.route.Route;
import io.modelserver.route.Routes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells which model answers requests that name none. */
@RestController
@Tag(name = "models")
final class RouteController {

    private final Routes routes;

    private final DefaultModel defaultModel;

    private final LiveVersions live;

    RouteController(Routes routes, DefaultModel defaultModel, LiveVersions live) {
        this.routes = routes;
        this.defaultModel = defaultModel;
        this.live = live;
    }

    @GetMapping(path = "/api/ml/routes", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listRoutes",
            summary = "Which model answers requests that name none: the routes, or the one of a symbol")
    RoutesJson list(
            @Parameter(description = "show only the route that a request for it takes; none if the default model "
                    + "answers") @RequestParam(required = false) @Nullable String symbol,
            @Parameter(description = "of that request") @RequestParam(required = false) @Nullable String timeframe) {
        String byDefault = defaultModel.name();
        if (symbol == null) {
            return new RoutesJson(byDefault, RoutesJson.version(byDefault, live),
                    routes.all().stream().map((route) -> RoutesJson.Entry.of(route, live)).toList(), null);
        }
        Route found = routes.find(symbol, timeframe);
        String model = (found != null) ? found.model() : byDefault;
        return new RoutesJson(byDefault, RoutesJson.version(byDefault, live),
                (found != null) ? List.of(RoutesJson.Entry.of(found, live)) : List.of(),
                new RoutesJson.Answering(model, RoutesJson.version(model, live), found == null));
    }

}
