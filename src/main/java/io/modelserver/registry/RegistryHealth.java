package io.modelserver.registry;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the registry is.
 *
 * @param status whether requests can be answered
 * @param responsive whether every version that serves has an instance that is not stuck:
 * if not, only a restart helps
 * @param loaded the versions that can answer at once, {@code name:version}, sorted
 * @param problems a sentence for each thing an operator should look at
 */
public record RegistryHealth(Status status, boolean responsive, List<String> loaded, List<String> problems) {

    /**
     * The same, with something beside the registry that is wrong: healthy becomes
     * degraded.
     * @param problem a sentence, if there is something
     * @return how the server is
     */
    public RegistryHealth with(Optional<String> problem) {
        return problem
            .map((sentence) -> new RegistryHealth((status == Status.HEALTHY) ? Status.DEGRADED : status, responsive,
                    loaded, Stream.concat(problems.stream(), problem.stream()).toList()))
            .orElse(this);
    }

    /** In the words of {@code GET /health}. */
    public enum Status {

        /** All is as it should be. */
        HEALTHY,

        /** Predictions go on, but something needs attention. */
        DEGRADED,

        /** There is no production model that can answer. */
        UNHEALTHY

    }

}
