package io.modelserver.experiment.assign;

import java.time.Instant;

/** Whether an experiment is still running. */
public sealed interface Status {

    /** It assigns requests until its time runs out. */
    record Running() implements Status {
    }

    /**
     * It assigns nothing any more.
     *
     * @param how what ended it
     * @param at when
     * @param reason a sentence for the operator
     */
    record Ended(Ending how, Instant at, String reason) implements Status {
    }

}
