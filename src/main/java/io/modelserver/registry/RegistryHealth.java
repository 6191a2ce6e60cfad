package io.modelserver.registry;

import java.util.List;

/**
 * How the registry is.
 *
 * @param status whether requests can be answered
 * @param loaded the versions that can answer at once, {@code name:version}, sorted
 * @param problems a sentence for each thing an operator should look at
 */
public record RegistryHealth(Status status, List<String> loaded, List<String> problems) {

    /** In the words of {@code GET /health}. */
    public enum Status {

        /** All is as it should be. */
        HEALTHY,

        /** Predictions go on, but something needs attention. */
        DEGRADED,

        /** There is no production model to serve. */
        UNHEALTHY

    }

}
