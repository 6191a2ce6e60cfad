package io.modelserver.web;

import io.modelserver.drift.DriftMonitor;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.inference.ModelId;
import io.modelserver.registry.RegistryOverview;
import io.modelserver.registry.Stage;
import io.modelserver.registry.VersionStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Tells how far live features are from those of training. */
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
        if (!overview.models().contains(name)) {
            throw new ProblemException(ProblemCode.MODEL_NOT_FOUND, "there is no model '%s'".formatted(name));
        }
        Stage stage = Stage.named(version).orElse(null);
        if (stage != null) {
            return overview.versionIn(name, stage)
                .map((found) -> new ModelId(name, found))
                .orElseThrow(() -> new ProblemException(ProblemCode.MODEL_NOT_FOUND,
                        "no version of '%s' is in %s".formatted(name, stage)));
        }
        return overview.versions(name)
            .stream()
            .map(VersionStatus::version)
            .filter((found) -> found.equals(version))
            .findAny()
            .map((found) -> new ModelId(name, found))
            .orElseThrow(() -> new ProblemException(ProblemCode.MODEL_NOT_FOUND,
                    "model '%s' has no version '%s'".formatted(name, version)));
    }

}
