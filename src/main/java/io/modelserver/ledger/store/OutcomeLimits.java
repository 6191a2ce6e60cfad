package io.modelserver.ledger.store;

import java.time.Duration;

import io.modelserver.experiment.evidence.Observation;

/**
 * The limits of outcomes.
 *
 * @param maxReturn the greatest return, up or down, and the greatest fee, as a fraction
 * @param clockAllowance how much clocks may differ: a position may seem to be closed this
 * long before its prediction, or this far in the future
 */
public record OutcomeLimits(double maxReturn, Duration clockAllowance) {

    private static final Duration CLOCK_ALLOWANCE = Duration.ofMinutes(5);

    /** Rejects a greatest return that is not above 0, or that sums could not bear. */
    public OutcomeLimits {
        if (!(maxReturn > 0 && maxReturn <= Observation.GREATEST_RETURN)) {
            throw new IllegalArgumentException("the greatest return must be more than 0 and at most %s, not %s"
                .formatted(Observation.GREATEST_RETURN, maxReturn));
        }
    }

    /**
     * {@return the least return: nothing loses more than all of it}
     */
    public double leastReturn() {
        return Math.max(-1, -maxReturn);
    }

    /**
     * {@return whether an outcome is within the limits}
     * @param actualReturn what the price did, as a fraction of it; NaN is not allowed
     * @param fee what acting on the advice cost, as a fraction of the price
     */
    public boolean allow(double actualReturn, double fee) {
        return actualReturn >= leastReturn() && actualReturn <= maxReturn && fee >= 0 && fee <= maxReturn;
    }

    /**
     * Creates limits for clocks that differ by five minutes at most.
     * @param maxReturn the greatest return, as a fraction
     */
    public OutcomeLimits(double maxReturn) {
        this(maxReturn, CLOCK_ALLOWANCE);
    }

}
