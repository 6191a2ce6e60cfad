package io.modelserver.experiment.evidence;

import io.modelserver.experiment.statistics.Quotient;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Latencies in flat memory. HdrHistogram bounds the error of every value (0.1 %), which a
 * t-digest does not, counts exactly what lies above a value, which the guardrail needs,
 * and is shipped with Micrometer already. It holds 1 µs to 1 h, at most 200 KB.
 */
public final class Latencies {

    private static final long GREATEST_MICROS = 3_600_000_000L;

    private static final double NANOS_PER_MILLI = 1e6;

    private static final double MICROS_PER_MILLI = 1e3;

    private final Histogram micros = new Histogram(3);

    private double sumNanos;

    Latencies() {
    }

    void add(long nanos) {
        micros.recordValue(Math.min(nanos / 1000, GREATEST_MICROS));
        sumNanos += nanos;
    }

    /**
     * {@return how many there are}
     */
    public long count() {
        return micros.getTotalCount();
    }

    @Nullable Double meanMillis() {
        return Quotient.of(sumNanos / NANOS_PER_MILLI, (double) count());
    }

    /**
     * {@return the 95th percentile in milliseconds, within 0.1 % and 1 µs; null without
     * samples}
     */
    public @Nullable Double p95Millis() {
        return (count() > 0) ? micros.getValueAtPercentile(95) / MICROS_PER_MILLI : null;
    }

    /**
     * {@return a latency that no more than the given number of samples exceed, in
     * milliseconds}
     * @param samples from 0 to {@link #count()}
     */
    public double millisExceededBy(long samples) {
        return micros.getValueAtPercentile(100.0 * (count() - samples) / count()) / MICROS_PER_MILLI;
    }

    /**
     * {@return how many samples took longer than the given milliseconds}
     * @param millis the limit, 0 or more
     */
    public long countAbove(double millis) {
        double limit = Math.min(millis * MICROS_PER_MILLI, GREATEST_MICROS);
        return count() - micros.getCountBetweenValues(0, (long) limit);
    }

}
