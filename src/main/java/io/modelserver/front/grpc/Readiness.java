package io.modelserver.front.grpc;

import io.modelserver.oip.ModelCatalog;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/**
 * Whether the server can answer, as the probes of HTTP say it: it is neither starting nor
 * stopping, and there is a model.
 */
final class Readiness {

    private final ApplicationAvailability availability;

    private final ModelCatalog catalog;

    Readiness(ApplicationAvailability availability, ModelCatalog catalog) {
        this.availability = availability;
        this.catalog = catalog;
    }

    boolean isLive() {
        return availability.getLivenessState() == LivenessState.CORRECT;
    }

    boolean isReady() {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC && catalog.isReady();
    }

}
