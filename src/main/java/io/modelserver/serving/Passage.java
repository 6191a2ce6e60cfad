package io.modelserver.serving;

import io.modelserver.experiment.assign.Assignment;
import org.jspecify.annotations.Nullable;

/**
 * How one query goes through the server.
 *
 * @param id of its answer
 * @param assignment its variant, null if no experiment has a say
 * @param arrivalNanos when it had been read
 * @param deadlineNanos when its time runs out
 * @param alone whether nothing else is waited for between its arrival and its answer
 */
record Passage(String id, @Nullable Assignment assignment, long arrivalNanos, long deadlineNanos, boolean alone) {

    Passage to(@Nullable Assignment variant) {
        return new Passage(id, variant, arrivalNanos, deadlineNanos, alone);
    }

}
