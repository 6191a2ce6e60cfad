package io.modelserver.registry.live;

import java.util.List;
import java.util.stream.Stream;

/**
 * The health of the registry.
 *
 * @param status whether requests can be answered
 * @param responsive whether every version that serves has an instance that is not stuck:
 * if not, only a restart helps
 * @param loaded the versions that can answer at once, {@code name:version}, sorted
 * @param problems a sentence for each thing an operator should look at
 */
public record RegistryHealth(Status status, boolean responsive, List<String> loaded, List<String> problems) {

    /**
     * The same, with faults outside the registry: healthy becomes degraded.
     * @param rooms where to look for them
     * @return how the server is
     */
    public RegistryHealth with(List<HealthReasons> rooms) {
        List<String> others = rooms.stream().flatMap((room) -> room.find(this).stream()).toList();
        return others.isEmpty() ? this : new RegistryHealth((status == Status.HEALTHY) ? Status.DEGRADED : status,
                responsive, loaded, Stream.concat(problems.stream(), others.stream()).toList());
    }

    /** In the words of {@code GET /health}. */
    public enum Status {

        /** All is as it should be. */
        HEALTHY,

        /** Predictions continue, but something needs attention. */
        DEGRADED,

        /** There is no production model that can answer. */
        UNHEALTHY

    }

}
