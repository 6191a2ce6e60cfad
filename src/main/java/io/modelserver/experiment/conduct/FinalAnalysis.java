package io.modelserver.experiment.conduct;

import java.time.Instant;

/**
 * The last look at an experiment, which later outcomes do not change.
 *
 * @param json the analysis as callers get it
 * @param frozenAt when it was made
 */
public record FinalAnalysis(String json, Instant frozenAt) {
}
