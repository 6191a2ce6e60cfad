package io.modelserver.front.oip;

import io.modelserver.oip.ModelCatalog;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells what the server and its models are, and whether they can answer. */
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "inference")
final class ModelsController {

    private final ModelCatalog catalog;

    private final ApplicationAvailability availability;

    ModelsController(ModelCatalog catalog, ApplicationAvailability availability) {
        this.catalog = catalog;
        this.availability = availability;
    }

    @GetMapping("/v2")
    @Operation(operationId = "inferenceServer", summary = "What the server is, and which extensions it has")
    ServerJson server() {
        return ServerJson.of(catalog.server());
    }

    @GetMapping("/v2/health/live")
    @Operation(operationId = "inferenceServerLive", summary = "Whether the server works",
            responses = { @ApiResponse(responseCode = "200", description = "it does"),
                    @ApiResponse(responseCode = "503", description = "only a restart helps") })
    ResponseEntity<LiveJson> live() {
        boolean live = catalog.isLive();
        return ResponseEntity.status(status(live)).body(new LiveJson(live));
    }

    @GetMapping("/v2/health/ready")
    @Operation(operationId = "inferenceServerReady", summary = "Whether there is a model that can answer",
            responses = { @ApiResponse(responseCode = "200", description = "there is"),
                    @ApiResponse(responseCode = "503", description = "there is none, or the server is stopping") })
    ResponseEntity<ReadyJson> ready() {
        boolean ready = availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC && catalog.isReady();
        return ResponseEntity.status(status(ready)).body(new ReadyJson(null, ready));
    }

    @GetMapping("/v2/models/{name}")
    @Operation(operationId = "inferenceModel", summary = "What the version in PRODUCTION takes and returns")
    ModelJson model(@PathVariable String name) throws InterruptedException {
        return ModelJson.of(OipRefusal.unless(catalog.describe(name, null)));
    }

    @GetMapping("/v2/models/{name}/versions/{version}")
    @Operation(operationId = "inferenceVersion", summary = "What one version takes and returns")
    ModelJson version(@PathVariable String name, @PathVariable String version) throws InterruptedException {
        return ModelJson.of(OipRefusal.unless(catalog.describe(name, version)));
    }

    @GetMapping("/v2/models/{name}/ready")
    @Operation(operationId = "inferenceModelReady", summary = "Whether the version in PRODUCTION can answer",
            responses = { @ApiResponse(responseCode = "200", description = "it can"),
                    @ApiResponse(responseCode = "503", description = "it can't, or there is none") })
    ResponseEntity<ReadyJson> modelReady(@PathVariable String name) {
        return ready(name, null);
    }

    @GetMapping("/v2/models/{name}/versions/{version}/ready")
    @Operation(operationId = "inferenceVersionReady", summary = "Whether one version can answer at once",
            responses = { @ApiResponse(responseCode = "200", description = "it can"), @ApiResponse(responseCode = "503",
                    description = "it can't; if it is only not loaded, a request for it loads it") })
    ResponseEntity<ReadyJson> versionReady(@PathVariable String name, @PathVariable String version) {
        return ready(name, version);
    }

    private ResponseEntity<ReadyJson> ready(String name, @Nullable String version) {
        boolean ready = OipRefusal.unless(catalog.isReady(name, version));
        return ResponseEntity.status(status(ready)).body(new ReadyJson(name, ready));
    }

    private static HttpStatus status(boolean good) {
        return good ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    }

    @GetMapping("/v2/models/stats")
    @Operation(operationId = "inferenceStatistics", summary = "What all versions that are loaded have done")
    StatisticsJson statistics() {
        return StatisticsJson.of(OipRefusal.unless(catalog.statistics(null, null)));
    }

    @GetMapping("/v2/models/{name}/stats")
    @Operation(operationId = "inferenceModelStatistics", summary = "What the loaded versions of a model have done")
    StatisticsJson modelStatistics(@PathVariable String name) {
        return StatisticsJson.of(OipRefusal.unless(catalog.statistics(name, null)));
    }

    @GetMapping("/v2/models/{name}/versions/{version}/stats")
    @Operation(operationId = "inferenceVersionStatistics", summary = "What one version has done")
    StatisticsJson versionStatistics(@PathVariable String name, @PathVariable String version) {
        return StatisticsJson.of(OipRefusal.unless(catalog.statistics(name, version)));
    }

}
