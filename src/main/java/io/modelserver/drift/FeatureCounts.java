package io.modelserver.drift;

/**
 * One feature during one pane of the window, in bounded memory: counts by training's bins
 * and sums. A value that is missing, NaN, is counted and in none of them. Not for several
 * threads.
 */
final class FeatureCounts {

    private final Bins bins;

    private final FeatureBaseline.Span wideRange;

    private final long[] counts;

    private long count;

    private long missing;

    private long zeros;

    private long outside;

    private double sum;

    private float least = Float.POSITIVE_INFINITY;

    private float greatest = Float.NEGATIVE_INFINITY;

    FeatureCounts(FeatureBaseline training) {
        this.bins = training.bins();
        this.wideRange = training.wideRange();
        this.counts = new long[bins.size()];
    }

    void add(float value) {
        if (Float.isNaN(value)) {
            missing++;
            return;
        }
        counts[bins.indexOf(value)]++;
        count++;
        sum += value;
        zeros += (value == 0) ? 1 : 0;
        outside += wideRange.holds(value) ? 0 : 1;
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
    }

    void addAll(FeatureCounts other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        missing += other.missing;
        sum += other.sum;
        zeros += other.zeros;
        outside += other.outside;
        least = Math.min(least, other.least);
        greatest = Math.max(greatest, other.greatest);
    }

    /**
     * {@return how many values there are}
     */
    long count() {
        return count;
    }

    /**
     * {@return how many samples there are, those without a value included}
     */
    long samples() {
        return count + missing;
    }

    /**
     * {@return the mean of the values, 0 if there are none}
     */
    double mean() {
        return (count == 0) ? 0 : sum / count;
    }

    /**
     * {@return the share of samples that are 0}
     */
    double zeroShare() {
        return share(zeros, samples());
    }

    /**
     * {@return the share of samples without a value}
     */
    double missingShare() {
        return share(missing, samples());
    }

    /**
     * {@return the share of samples farther outside training's range than that is wide}
     */
    double outsideShare() {
        return share(outside, samples());
    }

    boolean isConstant() {
        return least == greatest;
    }

    double stabilityIndex() {
        return (count == 0) ? 0 : bins.stabilityIndex(counts);
    }

    private static double share(long part, long whole) {
        return (whole == 0) ? 0 : (double) part / whole;
    }

}
