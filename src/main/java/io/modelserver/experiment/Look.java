package io.modelserver.experiment;

/** What an experiment says when it is asked. */
public sealed interface Look {

    /**
     * It may say something else next time.
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
