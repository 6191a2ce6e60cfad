package io.modelserver.experiment.verdict;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.modelserver.experiment.statistics.Numbers;
import io.modelserver.signal.Direction;
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

    /** Takes a copy of the directions. */
    public Coverage {
        directions = List.copyOf(directions);
    }

    /**
     * {@return the direction of which the fewest outcomes are known, as a share of its
     * answers; empty if there are no answers}
     */
    Optional<OfDirection> least() {
        return directions.stream()
            .filter((one) -> one.answered() > 0)
            .min(Comparator.comparingDouble(OfDirection::share));
    }

    /**
     * {@return the share of a direction's answers of which the outcome is known, in
     * words}
     */
    String share(Direction direction) {
        return directions.stream()
            .filter((one) -> one.direction() == direction && one.answered() > 0)
            .findFirst()
            .map((one) -> Numbers.percent(one.share()))
            .orElse("none");
    }

    /**
     * Of how many answers of one direction the outcome is known.
     *
     * @param direction what was advised
     * @param answered how often
     * @param outcomes how many of them have an outcome
     */
    public record OfDirection(Direction direction, long answered, long outcomes) {

        double share() {
            return (double) outcomes / answered;
        }

    }

}
