package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.time.Instant;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.evidence.Evidence;

/**
 * When an experiment is judged.
 *
 * @param outcomeHorizon how long after a request its outcome is known
 * @param block how long the blocks of time are that returns are clustered by
 * @param finalLookAt one horizon after the end, when outcomes are in; later, by a day at
 * most, while they are too few, since a look that can't judge is not a test
 * @param finalLook whether this is the final look
 */
public record Timing(Duration outcomeHorizon, Duration block, Instant finalLookAt, boolean finalLook) {

    /** Bots that report once a day have reported by then. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final Duration PAUSE = Duration.ofMinutes(10);

    static Timing of(Evidence evidence, Instant now) {
        Experiment experiment = evidence.experiment();
        Instant end = switch (experiment.status()) {
            case Status.Running() -> experiment.endsAt();
            case Status.Ended ended -> ended.at();
        };
        Instant due = end.plus(evidence.horizon());
        Instant finalLookAt = evidence.lacksOutcomes() ? later(due, now) : due;
        return new Timing(evidence.horizon(), evidence.block(), finalLookAt, !now.isBefore(finalLookAt));
    }

    private static Instant later(Instant due, Instant now) {
        Instant latest = due.plus(PATIENCE);
        Instant next = now.plus(PAUSE);
        return next.isBefore(due) ? due : next.isBefore(latest) ? next : latest;
    }

    Timing beforeFinalLook() {
        return new Timing(outcomeHorizon, block, finalLookAt, false);
    }

}
