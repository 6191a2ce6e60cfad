package io.modelserver.front.bots;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.List;

import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.front.json.Timestamps;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.registry.live.HealthReasons;
import io.modelserver.registry.live.RegistryHealth;
import io.modelserver.registry.live.RegistryOverview;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Reports whether this server can answer. */
@RestController
@Tag(name = "health")
final class HealthController {

    private final RegistryOverview overview;

    private final List<HealthReasons> rooms;

    private final Experiments experiments;

    private final LedgerDatabase ledger;

    private final Timestamps timestamps;

    HealthController(RegistryOverview overview, List<HealthReasons> rooms, Experiments experiments,
            LedgerDatabase ledger, Clock clock) {
        this.overview = overview;
        this.rooms = rooms;
        this.experiments = experiments;
        this.ledger = ledger;
        this.timestamps = new Timestamps(clock);
    }

    @GetMapping(path = { "/health", "/api/ml/health" }, produces = "application/json")
    @Operation(operationId = "health", summary = "Whether predictions can be served",
            responses = { @ApiResponse(responseCode = "200", description = "healthy or degraded"),
                    @ApiResponse(responseCode = "503", description = "unhealthy: no production model to serve") })
    ResponseEntity<HealthJson> health() {
        RegistryHealth health = overview.health().with(rooms);
        HttpStatus status = switch (health.status()) {
            case HEALTHY, DEGRADED -> HttpStatus.OK;
            case UNHEALTHY -> HttpStatus.SERVICE_UNAVAILABLE;
        };
        return ResponseEntity.status(status)
            .cacheControl(CacheControl.noStore())
            .body(HealthJson.of(health, experiments.running().experiments(), ledger.isOpening(),
                    ManagementFactory.getRuntimeMXBean().getUptime(), timestamps.now()));
    }

}
