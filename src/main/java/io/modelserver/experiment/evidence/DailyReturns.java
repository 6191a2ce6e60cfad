package io.modelserver.experiment.evidence;

import io.modelserver.experiment.statistics.Quotient;
import io.modelserver.experiment.statistics.TimeSums;
import org.jspecify.annotations.Nullable;

/**
 * What a variant earned day by day, by UTC and by the time of the requests. Only days
 * with outcomes count: a market that closes has no others. Of more than 4,096 days,
 * several that follow each other are taken together.
 */
final class DailyReturns {

    private static final long DAY_MILLIS = 86_400_000;

    private static final int RETURNS = 0;

    private static final int STAKES = 1;

    private final TimeSums days = new TimeSums(2, DAY_MILLIS);

    void add(long eventMillis, double netReturn, boolean acted) {
        double[] day = days.at(eventMillis);
        day[RETURNS] += netReturn;
        day[STAKES] += acted ? 1 : 0;
    }

    /**
     * {@return mean ∕ standard deviation × √ days per year, null with less than two days
     * or no variance}
     */
    @Nullable Double sharpeRatio(double daysPerYear) {
        int count = days.bins();
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double before = days.sums(i)[RETURNS] - mean;
            mean += before / (i + 1);
            squares += before * (days.sums(i)[RETURNS] - mean);
        }
        double periodsPerYear = daysPerYear * DAY_MILLIS / days.binMillis();
        double deviation = Math.sqrt(squares / (count - 1));
        return (deviation > Math.abs(mean) * 1e-12) ? Quotient.of(mean * Math.sqrt(periodsPerYear), deviation) : null;
    }

    /**
     * {@return how far the sum of the days ever fell from its highest, at least 0; null
     * without a day}
     */
    @Nullable Double maxDrawdown() {
        double sum = 0;
        double highest = 0;
        double drawdown = 0;
        for (int i = 0; i < days.bins(); i++) {
            sum += days.sums(i)[RETURNS];
            highest = Math.max(highest, sum);
            drawdown = Math.max(drawdown, highest - sum);
        }
        return (days.bins() > 0) ? Quotient.finite(drawdown) : null;
    }

    /**
     * {@return acted signals per day, null without a day}
     */
    @Nullable Double turnover() {
        double span = (double) days.bins() * days.binMillis() / DAY_MILLIS;
        return Quotient.of(days.total(STAKES, Long.MAX_VALUE), span);
    }

}
