package io.modelserver.drift;

import java.util.Optional;

import io.modelserver.inference.ModelId;

/** Finds what versions saw in training. */
@FunctionalInterface
public interface BaselineSource {

    /**
     * Looks for the statistics of a version; may read a file.
     * @param version the version
     * @return empty if it has none
     */
    Optional<Baseline> baseline(ModelId version);

}
