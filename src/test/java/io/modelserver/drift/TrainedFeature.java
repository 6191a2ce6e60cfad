package io.modelserver.drift;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * The statistics that {@code tools/feature_statistics.py} writes, computed once more in
 * Java; {@link TrainedFeatureTest} holds both to the same numbers.
 */
final class TrainedFeature {

    private static final int[] WINDOWS = { 3600, 86_400, 604_800 };

    private static final int LEAST_ROWS = 30;

    private static final int LEAST_BLOCKS = 10;

    private static final double WATCHED_Z = 2.576;

    private static final double DRIFTED_Z = 3.481;

    private static final double FOUND_SHIFT = 2;

    private static final double FOUND_Z = 1.645;

    private final float[] column;

    private final double mean;

    private final double std;

    private final float[] edges;

    private final Bins bins;

    private TrainedFeature(float[] column) {
        this.column = column;
        this.mean = mean(column, 0, column.length);
        this.std = Math
            .sqrt(IntStream.range(0, column.length).mapToDouble((i) -> square(column[i] - mean)).sum() / column.length);
        float[] sorted = column.clone();
        Arrays.sort(sorted);
        this.edges = edges(sorted);
        double[] shares = new double[edges.length + 1];
        for (float value : column) {
            shares[binOf(value)] += 1.0 / column.length;
        }
        this.bins = Bins.of(doubles(edges), Arrays.stream(shares).boxed().toList());
    }

    /** Trains on a column, the oldest row first. */
    static FeatureBaseline of(String name, float[] column, int stepSeconds) {
        TrainedFeature trained = new TrainedFeature(column);
        float[] sorted = column.clone();
        Arrays.sort(sorted);
        List<Double> quantiles = IntStream.rangeClosed(0, 10)
            .mapToObj((i) -> (double) sorted[Math.round(i / 10f * (sorted.length - 1))])
            .toList();
        return new FeatureBaseline(name, trained.mean, trained.std, quantiles, trained.bins,
                trained.window(stepSeconds));
    }

    private static float[] edges(float[] sorted) {
        TreeSet<Float> edges = new TreeSet<>();
        for (int tenth = 1; tenth < 10; tenth++) {
            edges.add(sorted[(int) Math.ceil(tenth * sorted.length / 10.0) - 1]);
        }
        int start = 0;
        for (int i = 1; i <= sorted.length; i++) {
            if (i == sorted.length || sorted[i] != sorted[start]) {
                if ((i - start) * 10L >= sorted.length) {
                    edges.add(sorted[start]);
                    edges.add(sorted[Math.max(0, start - 1)]);
                }
                start = i;
            }
        }
        edges.remove(sorted[sorted.length - 1]);
        float[] array = new float[edges.size()];
        int i = 0;
        for (float edge : edges) {
            array[i++] = edge;
        }
        return array;
    }

    private int binOf(float value) {
        int found = Arrays.binarySearch(edges, value);
        return (found >= 0) ? found : -found - 1;
    }

    private FeatureWindow window(int stepSeconds) {
        for (int seconds : WINDOWS) {
            int rows = Math.round((float) seconds / stepSeconds);
            if (rows >= LEAST_ROWS && column.length / rows >= LEAST_BLOCKS) {
                FeatureWindow window = window(seconds, rows);
                if (window != null) {
                    return window;
                }
            }
        }
        return FeatureWindow.ofRange(Duration.ofDays(1), Math.max(1, Math.round(86_400f / stepSeconds)));
    }

    private @Nullable FeatureWindow window(int seconds, int rows) {
        int blocks = column.length / rows;
        double[] shifts = new double[blocks];
        double[] indices = new double[blocks];
        int first = column.length - blocks * rows;
        for (int block = 0; block < blocks; block++) {
            int from = first + block * rows;
            shifts[block] = (mean(column, from, from + rows) - mean) / ((std > 0) ? std : 1);
            long[] counts = new long[edges.length + 1];
            for (int i = from; i < from + rows; i++) {
                counts[binOf(column[i])]++;
            }
            indices[block] = bins.stabilityIndex(counts);
        }
        double spread = Math.sqrt(variance(shifts) * (1 + 1.0 / blocks));
        double psi = Arrays.stream(indices).average().orElseThrow();
        double variance = variance(indices);
        double margin = 1 + 3 / Math.sqrt(blocks);
        double greatest = Arrays.stream(shifts).map(Math::abs).max().orElseThrow();
        double shiftLimit = Math.max(Math.max(0.8, student(DRIFTED_Z, blocks - 1) * spread), greatest);
        if (shiftLimit + FOUND_Z * spread > FOUND_SHIFT) {
            return null;
        }
        double psiLimit = Math.max(Math.max(0.25, margin * gamma(student(DRIFTED_Z, blocks - 1), psi, variance)),
                Arrays.stream(indices).max().orElseThrow());
        return FeatureWindow.ofBlocks(Duration.ofSeconds(seconds), rows,
                new Limits(Math.max(0.1, margin * gamma(student(WATCHED_Z, blocks - 1), psi, variance)), psiLimit),
                new Limits(Math.max(0.2, student(WATCHED_Z, blocks - 1) * spread), shiftLimit));
    }

    private static double student(double z, int df) {
        return z + (z * z * z + z) / (4 * df) + (5 * Math.pow(z, 5) + 16 * z * z * z + 3 * z) / (96.0 * df * df);
    }

    private static double gamma(double z, double mean, double variance) {
        if (!(mean > 0 && variance > 0)) {
            return mean;
        }
        double ninth = variance / (9 * mean * mean);
        return mean * Math.pow(1 - ninth + z * Math.sqrt(ninth), 3);
    }

    private static double mean(float[] values, int from, int to) {
        return IntStream.range(from, to).mapToDouble((i) -> values[i]).sum() / (to - from);
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values).map((value) -> square(value - mean)).sum() / (values.length - 1);
    }

    private static double square(double value) {
        return value * value;
    }

    private static List<Double> doubles(float[] values) {
        return IntStream.range(0, values.length).mapToObj((i) -> (double) values[i]).toList();
    }

}
