package io.modelserver.drift;

import io.modelserver.model.ModelId;

/** Finds what versions saw in training. */
@FunctionalInterface
public interface BaselineSource {

    /**
     * Looks for the statistics of a version; may read a file.
     * @param version the version
     * @return what it saw, or why that is not known
     */
    Baseline baseline(ModelId version);

}
