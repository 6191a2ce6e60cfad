package io.modelserver.front.operators;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.conduct.CreateResult;
import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.front.openapi.ApiDocumentation;
import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.registry.live.RegistryOverview;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Compares versions on live traffic. */
@RestController
@RequestMapping(path = "/api/ml/ab-test", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "experiments")
final class ExperimentController {

    private static final long PATIENCE_SECONDS = 10;

    private final Experiments experiments;

    private final RegistryOverview overview;

    private final Clock clock;

    private final AnalysisTexts texts;

    /** An analysis of millions of predictions takes seconds of a core that bots need. */
    private final Semaphore analyses = new Semaphore(1, true);

    ExperimentController(Experiments experiments, RegistryOverview overview, Clock clock, AnalysisTexts texts) {
        this.experiments = experiments;
        this.overview = overview;
        this.clock = clock;
        this.texts = texts;
    }

    @PostMapping(path = "/create", consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "createExperiment", summary = "Compare versions on live traffic")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(required = true,
            content = @Content(mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = ExperimentRequestJson.class),
                    examples = @ExampleObject(name = "bundled", ref = ApiDocumentation.EXAMPLES + "experiment")))
    ExperimentJson create(@RequestBody ExperimentRequestJson body) throws InterruptedException {
        Experiment experiment = new ExperimentRequestReader(overview, clock).read(body);
        return switch (experiments.create(experiment)) {
            case CreateResult.Created(Experiment created, List<String> warnings) ->
                ExperimentJson.of(created, Stream.concat(body.ignored().stream(), warnings.stream()).toList());
            case CreateResult.Exists(String reason) ->
                throw new ProblemException(ProblemCode.EXPERIMENT_EXISTS, reason);
            case CreateResult.VersionMissing(var id) when !overview.models().contains(id.name()) ->
                throw ProblemException.modelNotFound(id.name());
            case CreateResult.VersionMissing(var id) -> throw ProblemException.versionNotFound(id);
            case CreateResult.VersionUnfit(var id, String reason) -> throw ProblemException.rejected(id, reason);
            case CreateResult.Incomparable(String reason) -> throw ProblemException.invalid("variants", reason);
        };
    }

    @GetMapping
    @Operation(operationId = "listExperiments", summary = "All experiments, the newest first")
    List<ExperimentJson> list() {
        return experiments.all().stream().map(ExperimentJson::of).toList();
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getExperiment", summary = "One experiment and its state")
    ExperimentJson get(@PathVariable String id) {
        return ExperimentJson.of(find(id));
    }

    @GetMapping("/{id}/analyze")
    @Operation(operationId = "analyzeExperiment", summary = "The analysis so far")
    AnalysisJson analyze(@PathVariable String id) throws InterruptedException {
        return analysis(find(id));
    }

    /** Whatever its body, which bots' scripts send in many ways. */
    @PostMapping("/{id}/stop")
    @Operation(operationId = "stopExperiment", summary = "Stop it and return the final analysis")
    AnalysisJson stop(@PathVariable String id, HttpServletRequest request) throws InterruptedException {
        String who = (request.getRemoteUser() != null) ? request.getRemoteUser() : "local";
        return analysis(experiments.stop(id, "stopped by " + who).orElseThrow(() -> notFound(id)));
    }

    private AnalysisJson analysis(Experiment experiment) throws InterruptedException {
        if (!analyses.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new ProblemException(ProblemCode.OVERLOADED, "other analyses are in progress");
        }
        try {
            return texts.json(experiment, experiments.look(experiment));
        }
        finally {
            analyses.release();
        }
    }

    private Experiment find(String id) {
        return experiments.find(id).orElseThrow(() -> notFound(id));
    }

    private static ProblemException notFound(String id) {
        return new ProblemException(ProblemCode.EXPERIMENT_NOT_FOUND, "there is no experiment '%s'".formatted(id));
    }

}
