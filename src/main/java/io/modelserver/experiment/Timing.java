package io.modelserver.experiment;

import java.time.Duration;
import java.time.Instant;

/**
 * When an experiment is judged.
 *
 * @param outcomeHorizon how long after a request its outcome is known
 * @param block how long the blocks of time are that returns are clustered by
 * @param finalLookAt one horizon after the end, when outcomes are in
 * @param finalLook whether this is the final look
 */
public record Timing(Duration outcomeHorizon, Duration block, Instant finalLookAt, boolean finalLook) {

    static Timing of(Evidence evidence, Instant now) {
        Experiment experiment = evidence.experiment();
        Instant end = switch (experiment.status()) {
            case Status.Running() -> experiment.endsAt();
            case Status.Ended ended -> ended.at();
        };
        Instant finalLookAt = end.plus(evidence.horizon());
        return new Timing(evidence.horizon(), evidence.block(), finalLookAt, !now.isBefore(finalLookAt));
    }

    Timing beforeFinalLook() {
        return new Timing(outcomeHorizon, block, finalLookAt, false);
    }

}
