package io.modelserver.monitoring;

import io.modelserver.registry.live.RegistryOverview;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Part of liveness: when all instances of a version in production hang, there will be no
 * more answers, and only a restart helps.
 */
public final class InstancesHealth implements HealthIndicator {

    private final RegistryOverview overview;

    /**
     * Creates an indicator.
     * @param overview knows the state of the instances
     */
    public InstancesHealth(RegistryOverview overview) {
        this.overview = overview;
    }

    @Override
    public Health health() {
        return overview.health().responsive() ? Health.up().build() : Health.down().build();
    }

}
