package io.modelserver.experiment.conduct;

import io.modelserver.experiment.verdict.Analysis;

/** The result of looking at an experiment. */
public sealed interface Look {

    /**
     * It may be different next time.
     *
     * @param analysis as of now
     */
    record Passing(Analysis analysis) implements Look {
    }

    /**
     * The final look, which never changes.
     *
     * @param analysis as it was kept
     */
    record Final(FinalAnalysis analysis) implements Look {
    }

}
