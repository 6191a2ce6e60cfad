package io.modelserver.experiment.conduct;

import java.util.List;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.model.ModelId;

/** The result of creating an experiment. */
public sealed interface CreateResult {

    /**
     * It runs.
     *
     * @param experiment the experiment
     * @param warnings why it can't be judged, and what could be; empty if nothing is
     * known that speaks against it
     */
    record Created(Experiment experiment, List<String> warnings) implements CreateResult {

        /** Takes a copy of the warnings. */
        public Created {
            warnings = List.copyOf(warnings);
        }

    }

    /**
     * Another experiment is in the way.
     *
     * @param reason which, and why
     */
    record Exists(String reason) implements CreateResult {
    }

    /**
     * A version is not in the registry.
     *
     * @param version which
     */
    record VersionMissing(ModelId version) implements CreateResult {
    }

    /**
     * A version can't serve.
     *
     * @param version which
     * @param reason why
     */
    record VersionUnfit(ModelId version, String reason) implements CreateResult {
    }

    /**
     * Its variants can't be asked the same.
     *
     * @param reason what differs
     */
    record Incomparable(String reason) implements CreateResult {
    }

}
