package io.modelserver.monitoring;

import io.modelserver.registry.ModelRegistry;
import io.modelserver.registry.RegistryHealth;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Part of readiness: without a production model there is nothing to be ready for. */
public final class ModelsHealth implements HealthIndicator {

    private final ModelRegistry registry;

    /**
     * Makes an indicator.
     * @param registry what is live
     */
    public ModelsHealth(ModelRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Health health() {
        RegistryHealth health = registry.health();
        Health.Builder builder = switch (health.status()) {
            case HEALTHY, DEGRADED -> Health.up();
            case UNHEALTHY -> Health.outOfService();
        };
        return builder.withDetail("status", health.status()).withDetail("loaded", health.loaded()).build();
    }

}
