package io.modelserver.monitoring;

import io.modelserver.registry.RegistryOverview;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Part of liveness: when all instances of a version in production hang, no answer will
 * come any more, and nothing but a restart helps.
 */
public final class InstancesHealth implements HealthIndicator {

    private final RegistryOverview overview;

    /**
     * Makes an indicator.
     * @param overview knows how the instances are
     */
    public InstancesHealth(RegistryOverview overview) {
        this.overview = overview;
    }

    @Override
    public Health health() {
        return overview.health().responsive() ? Health.up().build() : Health.down().build();
    }

}
