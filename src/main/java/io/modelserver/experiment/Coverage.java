package io.modelserver.experiment;

import java.util.List;

import io.modelserver.inference.Direction;
import org.jspecify.annotations.Nullable;

/**
 * Of how many of a variant's answers the outcome is known.
 *
 * @param variant a variant that answers requests
 * @param answered requests that it answered
 * @param outcomes how many of them have an outcome
 * @param directions the same of every direction that it advised
 * @param pValue that the share differs from that of control by chance alone, valid at
 * every look; null for control itself and while it can't be tested
 * @param mismatch whether it is below 0.001
 */
public record Coverage(String variant, long answered, long outcomes, List<OfDirection> directions,
        @Nullable Double pValue, boolean mismatch) {

    public Coverage {
        directions = List.copyOf(directions);
    }

    /**
     * Of how many answers of one direction the outcome is known.
     *
     * @param direction what was advised
     * @param answered how often
     * @param outcomes how many of them have an outcome
     */
    public record OfDirection(Direction direction, long answered, long outcomes) {
    }

}
