package io.modelserver.drift;

/**
 * One feature during one pane of the window, in bounded memory: counts by training's bins
 * and sums. Not for several threads.
 */
final class FeatureCounts {

    private final Bins bins;

    private final FeatureBaseline.Span wideRange;

    private final long[] counts;

    private long count;

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
        sum += other.sum;
        zeros += other.zeros;
        outside += other.outside;
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

    /**
     * {@return the share of values farther outside training's range than that is wide}
     */
    double outsideShare() {
        return (double) outside / count;
    }

    boolean isConstant() {
        return least == greatest;
    }

    double stabilityIndex() {
        return bins.stabilityIndex(counts);
    }

}
