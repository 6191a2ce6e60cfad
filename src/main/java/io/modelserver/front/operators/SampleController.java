package io.modelserver.front.operators;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.model.ModelId;
import io.modelserver.registry.live.RegistryOverview;
import io.modelserver.registry.live.SampleInput;
import io.modelserver.registry.live.SampleInputs;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.Located;
import io.modelserver.registry.store.NotFound;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows what to send to a version. */
@RestController
@Tag(name = "models")
final class SampleController {

    private final RegistryOverview overview;

    private final SampleInputs samples;

    SampleController(RegistryOverview overview, SampleInputs samples) {
        this.overview = overview;
        this.samples = samples;
    }

    @GetMapping(path = "/api/ml/models/{name}/versions/{version}/sample", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "showSample",
            summary = "A body of `POST /predict` that this version answers: its golden sample, or numbers as training saw them")
    SampleJson show(@PathVariable String name, @PathVariable String version) {
        return switch (samples.of(version(name, version))) {
            case SampleInput.Of sample -> SampleJson.of(sample);
            case SampleInput.Unknown(ModelId id, String reason) ->
                throw new ProblemException(ProblemCode.MODEL_REJECTED, "%s can't be loaded: %s".formatted(id, reason));
        };
    }

    private ModelId version(String name, String version) {
        return switch (overview.locate(name, version)) {
            case Located.Version(ModelId id) -> id;
            case Located.NoModel(String model) -> throw ProblemException.modelNotFound(model);
            case Located.NoVersion(ModelId id) -> throw ProblemException.versionNotFound(id);
            case Located.NoneInStage(String model, Stage stage) ->
                throw new ProblemException(ProblemCode.VERSION_NOT_FOUND, NotFound.version(model, stage));
        };
    }

}
