package io.modelserver.drift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The samples of those features of a version that are judged over the same time, as panes
 * of counts that are dropped one by one. Not for several threads.
 */
final class SlidingWindow {

    static final int PANES = 12;

    /** A window is full though two panes are empty: bots pause. */
    static final double FULL = (PANES - 2.0) / PANES;

    private final long lengthNanos;

    private final long paneNanos;

    private final List<Watched> features = new ArrayList<>();

    private final Deque<Pane> panes = new ArrayDeque<>();

    SlidingWindow(long lengthNanos) {
        this.lengthNanos = lengthNanos;
        this.paneNanos = Math.max(1, lengthNanos / PANES);
    }

    /** Watches a feature; before the first sample. */
    void watch(int position, FeatureBaseline training) {
        features.add(new Watched(position, training));
    }

    /**
     * Adds a time step.
     * @param values the numbers of several steps
     * @param from where the step begins in them
     */
    void add(float[] values, int from, long nowNanos) {
        drop(nowNanos);
        Pane pane = panes.peekLast();
        if (pane == null || pane.index != index(nowNanos)) {
            pane = new Pane(index(nowNanos), features);
            panes.addLast(pane);
        }
        for (int i = 0; i < pane.counts.length; i++) {
            pane.counts[i].add(values[from + features.get(i).position]);
        }
        pane.samples++;
    }

    long samples(long nowNanos) {
        drop(nowNanos);
        return panes.stream().mapToLong((pane) -> pane.samples).sum();
    }

    /**
     * Compares each feature with its training.
     * @param minSamples as many are needed, where a feature's window needs no fewer
     * @param nowNanos the time
     * @return nothing while there are no samples
     */
    List<FeatureDrift> compare(int minSamples, long nowNanos) {
        drop(nowNanos);
        List<FeatureDrift> drifts = new ArrayList<>();
        if (panes.isEmpty()) {
            return drifts;
        }
        double covered = (double) panes.size() / PANES;
        for (int i = 0; i < features.size(); i++) {
            FeatureBaseline training = features.get(i).training;
            FeatureCounts live = new FeatureCounts(training);
            for (Pane pane : panes) {
                live.addAll(pane.counts[i]);
            }
            drifts.add(FeatureComparison.compare(training, live, lengthNanos, covered, minSamples));
        }
        return drifts;
    }

    private void drop(long nowNanos) {
        while (!panes.isEmpty() && panes.getFirst().index <= index(nowNanos) - PANES) {
            panes.removeFirst();
        }
    }

    private long index(long nowNanos) {
        return Math.floorDiv(nowNanos, paneNanos);
    }

    private record Watched(int position, FeatureBaseline training) {
    }

    private static final class Pane {

        private final long index;

        private final FeatureCounts[] counts;

        private long samples;

        Pane(long index, List<Watched> features) {
            this.index = index;
            this.counts = features.stream()
                .map((feature) -> new FeatureCounts(feature.training))
                .toArray(FeatureCounts[]::new);
        }

    }

}
