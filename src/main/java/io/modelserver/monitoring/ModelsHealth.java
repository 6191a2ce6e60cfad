package io.modelserver.monitoring;

import io.modelserver.registry.live.RegistryHealth;
import io.modelserver.registry.live.RegistryOverview;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Part of readiness: without a production model there is nothing to be ready for. */
public final class ModelsHealth implements HealthIndicator {

    private final RegistryOverview overview;

    /**
     * Creates an indicator.
     * @param overview knows what is live
     */
    public ModelsHealth(RegistryOverview overview) {
        this.overview = overview;
    }

    @Override
    public Health health() {
        RegistryHealth health = overview.health();
        Health.Builder builder = switch (health.status()) {
            case HEALTHY, DEGRADED -> Health.up();
            case UNHEALTHY -> Health.outOfService();
        };
        return builder.withDetail("status", health.status()).withDetail("loaded", health.loaded()).build();
    }

}
