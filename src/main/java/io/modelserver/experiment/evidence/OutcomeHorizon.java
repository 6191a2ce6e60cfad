package io.modelserver.experiment.evidence;

import java.time.Duration;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long after a request its outcome is known: what the experiment says, else what 95 %
 * of the outcomes that tell when the position was closed were within, else an hour. Flat
 * memory.
 */
public final class OutcomeHorizon {

    /** Where nothing is known. */
    public static final Duration OTHERWISE = Duration.ofHours(1);

    private static final Duration LEAST_BLOCK = Duration.ofHours(1);

    private static final int HORIZONS_PER_BLOCK = 4;

    private static final int LEAST_OUTCOMES = 10;

    private static final double PERCENTILE = 95;

    private static final long GREATEST_MILLIS = Duration.ofDays(366).toMillis();

    private final @Nullable Duration given;

    private final Histogram millis = new Histogram(2);

    OutcomeHorizon(@Nullable Duration given) {
        this.given = given;
    }

    void add(long eventMillis, @Nullable Long closedMillis) {
        if (given == null && closedMillis != null && closedMillis >= eventMillis) {
            millis.recordValue(Math.min(closedMillis - eventMillis, GREATEST_MILLIS));
        }
    }

    /**
     * {@return what the value will not be less than}
     */
    Duration least() {
        return (given != null) ? given : Duration.ZERO;
    }

    Duration value() {
        if (given != null) {
            return given;
        }
        return (millis.getTotalCount() >= LEAST_OUTCOMES)
                ? Duration.ofMillis(millis.lowestEquivalentValue(millis.getValueAtPercentile(PERCENTILE))) : OTHERWISE;
    }

    /**
     * Outcomes that overlap in time share returns, so a block must be long against them:
     * four horizons, and an hour at least, since a model's own mind changes slowly too.
     * @param horizon of outcomes
     * @return how long a block of time is
     */
    public static Duration block(Duration horizon) {
        Duration block = horizon.multipliedBy(HORIZONS_PER_BLOCK);
        return (block.compareTo(LEAST_BLOCK) > 0) ? block : LEAST_BLOCK;
    }

}
