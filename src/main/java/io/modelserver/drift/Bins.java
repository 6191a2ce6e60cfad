package io.modelserver.drift;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bins of one feature and the shares of training in them. A bin ends with its edge,
 * which belongs to it; the last is open. Live values are counted straight into them, so
 * that shares are exact, and values that stand on an edge (discrete features, ties) fall
 * where they fell in training.
 */
public final class Bins {

    /**
     * An emptier bin counts as this much: the logarithm of nothing is not a number. It
     * doesn't depend on the number of samples, since training's blocks were counted in
     * the same way whatever live traffic is.
     */
    private static final double LEAST_SHARE = 0.005;

    private static final double ROUNDING = 0.001;

    private final float[] edges;

    private final double[] expected;

    private Bins(float[] edges, double[] expected) {
        this.edges = edges;
        this.expected = expected;
    }

    /**
     * Creates bins whose shares in training are known.
     * @param edges the values at which bins end, ascending as float32; none where
     * training saw one value only
     * @param shares one for each bin, those above the last edge included; together 1
     * @return the bins
     */
    public static Bins of(List<Double> edges, List<Double> shares) {
        float[] ends = floats(edges);
        for (int i = 0; i < ends.length; i++) {
            if (!Float.isFinite(ends[i]) || (i > 0 && ends[i] <= ends[i - 1])) {
                throw new IllegalArgumentException("the edges of bins must be finite and ascend");
            }
        }
        double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
        if (shares.size() != ends.length + 1 || shares.stream().anyMatch((share) -> !(share >= 0))
                || !(Math.abs(sum - 1) <= ROUNDING)) {
            throw new IllegalArgumentException("bins need one share more than edges, each 0 or more, together 1");
        }
        return new Bins(upTo(ends), shares.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Creates the bins between quantiles. Equal quantiles bound no bin of their own:
     * their shares go to the bin that ends with them.
     * @param quantiles at equal steps from the least value to the greatest; at least two
     * @return the bins
     */
    static Bins between(List<Double> quantiles) {
        float[] values = floats(quantiles);
        int steps = values.length - 1;
        int[] ends = IntStream.range(1, steps).filter((i) -> values[i] != values[i + 1]).toArray();
        float[] edges = new float[ends.length];
        double[] shares = new double[ends.length + 1];
        int before = 0;
        for (int bin = 0; bin < ends.length; bin++) {
            edges[bin] = values[ends[bin]];
            shares[bin] = (double) (ends[bin] - before) / steps;
            before = ends[bin];
        }
        shares[ends.length] = (double) (steps - before) / steps;
        return new Bins(upTo(edges), shares);
    }

    private static float[] floats(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }

    /** Eight digits of a float32 may stand for its neighbour: an edge holds that too. */
    private static float[] upTo(float[] edges) {
        float[] ends = edges.clone();
        for (int i = 0; i < ends.length; i++) {
            ends[i] = Math.nextUp(ends[i]);
        }
        return ends;
    }

    int size() {
        return expected.length;
    }

    int indexOf(float value) {
        int found = Arrays.binarySearch(edges, value);
        return (found >= 0) ? found : -found - 1;
    }

    /**
     * Compares live counts with training by the population stability index (Siddiqi,
     * Credit Risk Scorecards, 2006): the sum of
     * {@code (live - expected) * ln(live / expected)}.
     * @param counts by bin, not all 0
     * @return 0 or more
     */
    double stabilityIndex(long[] counts) {
        double total = Arrays.stream(counts).sum();
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            double live = Math.max(counts[i] / total, LEAST_SHARE);
            double training = Math.max(expected[i], LEAST_SHARE);
            sum += (live - training) * Math.log(live / training);
        }
        return sum;
    }

}
