package io.modelserver.experiment;

import io.modelserver.inference.Direction;
import org.jspecify.annotations.Nullable;

/**
 * One request of an experiment, and what came of it.
 *
 * @param unit what was assigned, see {@link AssignBy}
 * @param direction what the variant advised; null only if it failed
 * @param confidence the variant's confidence, 0 if it failed
 * @param latencyNanos how long the answer took, at least 0
 * @param failed whether the variant's model failed on this input; an input that no model
 * could answer is no observation
 * @param actualReturn what the price then did, as a fraction of it, or null if that is
 * not known
 */
public record Observation(String unit, @Nullable Direction direction, double confidence, long latencyNanos,
        boolean failed, @Nullable Double actualReturn) {

    /**
     * The greatest return, up or down, that sums and squares of a trillion of them can
     * bear. Whoever takes outcomes in refuses a greater one.
     */
    public static final double GREATEST_RETURN = 1e6;

    public Observation {
        if (!failed && direction == null) {
            throw new IllegalArgumentException("direction must be given unless the variant failed");
        }
        if (!Double.isFinite(confidence)) {
            throw new IllegalArgumentException("confidence must be finite, not " + confidence);
        }
        if (latencyNanos < 0) {
            throw new IllegalArgumentException("latencyNanos must be at least 0, not " + latencyNanos);
        }
        if (actualReturn != null && !(Math.abs(actualReturn) <= GREATEST_RETURN)) {
            throw new IllegalArgumentException("actualReturn must be a number from -%1$s to %1$s, not %2$s"
                .formatted(GREATEST_RETURN, actualReturn));
        }
    }

}
