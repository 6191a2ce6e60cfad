package io.modelserver.experiment.evidence;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

/**
 * One request of an experiment, and its outcome.
 *
 * @param unit what was assigned, see {@link AssignBy}
 * @param symbol the instrument
 * @param eventMillis when the market was as the request describes it, in milliseconds
 * since 1970: the time that the request gives, else that of its arrival
 * @param direction what the variant advised; null if it failed or its model gives none
 * @param confidence the variant's confidence; NaN if it failed or its model gives none
 * @param latencyNanos how long the answer took, at least 0
 * @param failed whether the variant's model failed on this input; an input that no model
 * could answer is not an observation
 * @param result what then happened, null if that is not known
 */
public record Observation(String unit, String symbol, long eventMillis, @Nullable Direction direction,
        double confidence, long latencyNanos, boolean failed, @Nullable Result result) {

    /**
     * The greatest return, up or down, that sums and squares of a trillion of them can
     * bear.
     */
    public static final double GREATEST_RETURN = 1e6;

    /** Rejects an infinite confidence and a negative latency. */
    public Observation {
        if (Double.isInfinite(confidence)) {
            throw new IllegalArgumentException("confidence must be finite or NaN, not " + confidence);
        }
        if (latencyNanos < 0) {
            throw new IllegalArgumentException("latencyNanos must be at least 0, not " + latencyNanos);
        }
    }

    /**
     * What happened after a request.
     *
     * @param actualReturn what the price did, as a fraction of it: 0.012 for 1.2 % up
     * @param fee what acting on the advice cost, as a fraction of the price, at least 0;
     * 0 if not given
     * @param closedMillis when the position was closed, in milliseconds since 1970, not
     * before {@code eventMillis}; null if not given
     */
    public record Result(double actualReturn, double fee, @Nullable Long closedMillis) {

        /** Rejects a return or a fee that is out of its range or not a number. */
        public Result {
            if (!(Math.abs(actualReturn) <= GREATEST_RETURN)) {
                throw new IllegalArgumentException("actualReturn must be a number from -%1$s to %1$s, not %2$s"
                    .formatted(GREATEST_RETURN, actualReturn));
            }
            if (!(fee >= 0 && fee <= GREATEST_RETURN)) {
                throw new IllegalArgumentException(
                        "fee must be a number from 0 to %s, not %s".formatted(GREATEST_RETURN, fee));
            }
        }

    }

}
