package io.modelserver.experiment.verdict;

import io.modelserver.experiment.assign.Experiment;

/** Writes an analysis as callers get it, to be kept. */
@FunctionalInterface
public interface AnalysisFormat {

    /**
     * Writes an analysis.
     * @param experiment the experiment, as it is
     * @param analysis of it
     * @return text that the reader of this format understands, also in later versions
     */
    String write(Experiment experiment, Analysis analysis);

}
