package io.modelserver.front.operators;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.modelserver.front.openapi.ApiDocumentation;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.stage.Promotions;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.VersionStatus;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
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
public final class ModelController {

    private static final String LOCAL = "local";

    private final RegistryOverview overview;

    private final Promotions lifecycle;

    ModelController(RegistryOverview overview, Promotions lifecycle) {
        this.overview = overview;
        this.lifecycle = lifecycle;
    }

    @GetMapping
    @Operation(operationId = "listModels", summary = "Every version in the registry")
    List<VersionStatus> list(@RequestParam(required = false) @Nullable Boolean loaded) {
        return overview.models().stream().flatMap((name) -> versions(name, loaded)).toList();
    }

    @GetMapping("/{name}")
    @Operation(operationId = "listVersions", summary = "Every version of one model")
    List<VersionStatus> list(@PathVariable String name, @RequestParam(required = false) @Nullable Boolean loaded) {
        known(name);
        return versions(name, loaded).toList();
    }

    @GetMapping("/{name}/history")
    @Operation(operationId = "history", summary = "Who changed which stage, when and why, the oldest change first")
    List<StageChangeJson> history(@PathVariable String name) throws IOException {
        known(name);
        return overview.history(name).stream().map(StageChangeJson::of).toList();
    }

    private void known(String name) {
        if (!overview.models().contains(name)) {
            throw ProblemException.modelNotFound(name);
        }
    }

    private Stream<VersionStatus> versions(String name, @Nullable Boolean loaded) {
        return overview.versions(name).stream().filter((version) -> loaded == null || version.loaded() == loaded);
    }

    @PostMapping("/{name}/reload")
    @Operation(operationId = "reloadModel",
            summary = "Load, check and swap in the version in production, or the one in the body")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(content = @Content(
            mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = ReloadJson.class),
            examples = @ExampleObject(name = "production", ref = ApiDocumentation.EXAMPLES + "reload_production")))
    ChangeJson reload(@PathVariable String name, @RequestBody(required = false) @Nullable ReloadJson body)
            throws InterruptedException {
        return (body != null) ? ChangeJson.of(lifecycle.reload(name, body.version())).ignoring(body.others())
                : ChangeJson.of(lifecycle.reload(name, null));
    }

    @PostMapping("/reload")
    @Operation(operationId = "reload", summary = "The same, the model named in the body")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = NamedReloadJson.class),
                    examples = @ExampleObject(name = "production", ref = ApiDocumentation.EXAMPLES + "reload")))
    ChangeJson reload(@RequestBody NamedReloadJson body) throws InterruptedException {
        return ChangeJson.of(lifecycle.reload(required("model_name", body.modelName()), body.version()))
            .ignoring(body.others());
    }

    @PostMapping("/{name}/versions/{version}/stage")
    @Operation(operationId = "changeStage", summary = "Promote or retire a version")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = StageJson.class),
                    examples = @ExampleObject(name = "promote", ref = ApiDocumentation.EXAMPLES + "promote")))
    ChangeJson changeStage(@PathVariable String name, @PathVariable String version, @RequestBody StageJson body,
            HttpServletRequest request) throws InterruptedException {
        String text = required("stage", body.stage());
        Stage stage = Stage.of(text)
            .orElseThrow(() -> ProblemException.invalid("stage", "expected PRODUCTION, STAGING, ARCHIVED or NONE"));
        return ChangeJson.of(lifecycle.changeStage(new ModelId(name, version), stage, author(request, body.reason())));
    }

    /** Whatever its body, which bots' scripts send in many ways. */
    @PostMapping("/{name}/rollback")
    @Operation(operationId = "rollback", summary = "Back to the version that was in production before")
    ChangeJson rollback(@PathVariable String name, @RequestParam(required = false) @Nullable String reason,
            HttpServletRequest request) throws InterruptedException {
        return ChangeJson.of(lifecycle.rollback(name, author(request, reason)));
    }

    private static ChangeAuthor author(HttpServletRequest request, @Nullable String reason) {
        return new ChangeAuthor(Objects.requireNonNullElse(request.getRemoteUser(), LOCAL), reason);
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw ProblemException.invalid(field, "required");
        }
        return value;
    }

}
