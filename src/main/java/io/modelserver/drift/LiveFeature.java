package io.modelserver.drift;

import com.tdunning.math.stats.MergingDigest;
import com.tdunning.math.stats.TDigest;

/**
 * One feature during one pane of the window, in bounded memory: a t-digest (Dunning,
 * Ertl: Computing extremely accurate quantiles using t-digests, 2019) and sums. Not for
 * several threads.
 */
final class LiveFeature {

    /** Shares of a tenth come out within some thousandths. */
    private static final double COMPRESSION = 50;

    private final TDigest digest = new MergingDigest(COMPRESSION);

    private long count;

    private long zeros;

    private double sum;

    private double least = Double.POSITIVE_INFINITY;

    private double greatest = Double.NEGATIVE_INFINITY;

    void add(double value) {
        digest.add(value);
        count++;
        sum += value;
        zeros += (value == 0) ? 1 : 0;
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
    }

    void addAll(LiveFeature other) {
        digest.add(other.digest);
        count += other.count;
        zeros += other.zeros;
        sum += other.sum;
        least = Math.min(least, other.least);
        greatest = Math.max(greatest, other.greatest);
    }

    long count() {
        return count;
    }

    double mean() {
        return sum / count;
    }

    double zeroShare() {
        return (double) zeros / count;
    }

    boolean isConstant() {
        return least == greatest;
    }

    /**
     * {@return the share of values up to one, from 0 to 1}
     */
    double shareUpTo(double value) {
        if (value < least) {
            return 0;
        }
        if (value >= greatest) {
            return 1;
        }
        return digest.cdf(Math.nextUp(value));
    }

}
