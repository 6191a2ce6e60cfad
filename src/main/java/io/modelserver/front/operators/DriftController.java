package io.modelserver.front.operators;

import io.modelserver.drift.DriftMonitor;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.NotFound;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Reports how far live features are from those of training. */
@RestController
@Tag(name = "models")
final class DriftController {

    private final RegistryOverview overview;

    private final DriftMonitor monitor;

    DriftController(RegistryOverview overview, DriftMonitor monitor) {
        this.overview = overview;
        this.monitor = monitor;
    }

    @GetMapping(path = "/api/ml/models/{name}/drift", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "showDrift",
            summary = "The features that are farthest from training, of the version in production or another")
    DriftJson show(@PathVariable String name,
            @Parameter(description = "default: the version in PRODUCTION") @RequestParam(
                    required = false) @Nullable String version,
            @Parameter(description = "how many to list, the worst first") @RequestParam(
                    defaultValue = "10") int features) {
        if (features < 1) {
            throw ProblemException.invalid("features", "expected how many to list, 1 or more");
        }
        return DriftJson.of(monitor.report(version(name, version)), features);
    }

    private ModelId version(String name, @Nullable String version) {
        return switch (overview.locate(name, version)) {
            case Located.Version(ModelId id) -> id;
            case Located.NoModel(String model) -> throw ProblemException.modelNotFound(model);
            // By the code that this call has always had for them.
            case Located.NoVersion(ModelId id) ->
                throw new ProblemException(ProblemCode.MODEL_NOT_FOUND, NotFound.version(id));
            case Located.NoneInStage(String model, Stage stage) ->
                throw new ProblemException(ProblemCode.MODEL_NOT_FOUND, NotFound.version(model, stage));
        };
    }

}
