package io.modelserver.web;

import java.util.List;

import io.modelserver.inference.ModelId;
import io.modelserver.prediction.FieldProblem;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.Stage;
import io.modelserver.registry.VersionStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists the registry and changes what is live. */
@RestController
@RequestMapping(path = "/api/ml/models", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "models")
final class ModelController {

    private final ModelRegistry registry;

    private final ModelLifecycle lifecycle;

    ModelController(ModelRegistry registry, ModelLifecycle lifecycle) {
        this.registry = registry;
        this.lifecycle = lifecycle;
    }

    @GetMapping
    @Operation(summary = "Every version in the registry")
    List<VersionStatus> list(@RequestParam(required = false) @Nullable Boolean loaded) {
        return registry.models()
            .stream()
            .flatMap((name) -> registry.versions(name).stream())
            .filter((version) -> loaded == null || version.loaded() == loaded)
            .toList();
    }

    @GetMapping("/{name}")
    @Operation(summary = "Every version of one model")
    List<VersionStatus> list(@PathVariable String name, @RequestParam(required = false) @Nullable Boolean loaded) {
        if (!registry.models().contains(name)) {
            throw new ProblemException(ProblemCode.MODEL_NOT_FOUND, "there is no model '%s'".formatted(name));
        }
        return registry.versions(name)
            .stream()
            .filter((version) -> loaded == null || version.loaded() == loaded)
            .toList();
    }

    @PostMapping("/{name}/reload")
    @Operation(summary = "Load, check and swap in the version in production, or the one in the body")
    ChangeJson reload(@PathVariable String name, @RequestBody(required = false) @Nullable ReloadJson body)
            throws InterruptedException {
        return ChangeJson.of(lifecycle.reload(name, (body != null) ? body.version() : null));
    }

    @PostMapping("/reload")
    @Operation(summary = "The same, the model named in the body")
    ChangeJson reload(@RequestBody ReloadJson body) throws InterruptedException {
        return ChangeJson.of(lifecycle.reload(required("model_name", body.modelName()), body.version()));
    }

    @PostMapping("/{name}/versions/{version}/stage")
    @Operation(summary = "Promote or retire a version")
    ChangeJson changeStage(@PathVariable String name, @PathVariable String version, @RequestBody StageJson body)
            throws InterruptedException {
        String text = required("stage", body.stage());
        Stage stage = Stage.of(text)
            .orElseThrow(() -> invalid("stage", "expected PRODUCTION, STAGING, ARCHIVED or NONE"));
        return ChangeJson.of(lifecycle.changeStage(new ModelId(name, version), stage));
    }

    @PostMapping("/{name}/rollback")
    @Operation(summary = "Back to the version that was in production before")
    ChangeJson rollback(@PathVariable String name) throws InterruptedException {
        return ChangeJson.of(lifecycle.rollback(name));
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw invalid(field, "required");
        }
        return value;
    }

    private static ProblemException invalid(String field, String message) {
        return new ProblemException(ProblemCode.INVALID_REQUEST, "%s: %s".formatted(field, message),
                List.of(new FieldProblem(field, message)));
    }

}
