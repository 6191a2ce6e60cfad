package io.modelserver.drift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The samples of one version during the last while, as panes that are dropped one by one.
 * Safe for several threads.
 */
final class SlidingWindow {

    private static final int PANES = 6;

    private final Baseline baseline;

    private final long paneNanos;

    private final Deque<Pane> panes = new ArrayDeque<>();

    SlidingWindow(Baseline baseline, long windowNanos) {
        this.baseline = baseline;
        this.paneNanos = Math.max(1, windowNanos / PANES);
    }

    Baseline baseline() {
        return baseline;
    }

    /**
     * Adds a time step, of which there must be as many features as in the baseline.
     * @param values the numbers of several steps
     * @param from where the step begins in them
     */
    synchronized void add(float[] values, int from, long nowNanos) {
        drop(nowNanos);
        Pane pane = panes.peekLast();
        if (pane == null || nowNanos - pane.begun >= paneNanos) {
            pane = new Pane(nowNanos, baseline.features());
            panes.addLast(pane);
        }
        for (int i = 0; i < pane.features.size(); i++) {
            LiveFeature feature = pane.features.get(i);
            if (feature != null) {
                feature.add(values[from + i]);
            }
        }
        pane.samples++;
    }

    synchronized long samples(long nowNanos) {
        drop(nowNanos);
        return panes.stream().mapToLong((pane) -> pane.samples).sum();
    }

    /**
     * {@return each feature that has a baseline, compared with it}
     */
    synchronized List<FeatureDrift> compare(long nowNanos) {
        drop(nowNanos);
        List<FeatureDrift> drifts = new ArrayList<>();
        for (int i = 0; i < baseline.features().size(); i++) {
            FeatureBaseline training = baseline.features().get(i);
            if (training != null && !panes.isEmpty()) {
                LiveFeature live = new LiveFeature();
                for (Pane pane : panes) {
                    live.addAll(Objects.requireNonNull(pane.features.get(i)));
                }
                drifts.add(FeatureComparison.compare(training, live));
            }
        }
        return drifts;
    }

    private void drop(long nowNanos) {
        while (!panes.isEmpty() && nowNanos - panes.getFirst().begun >= PANES * paneNanos) {
            panes.removeFirst();
        }
    }

    private static final class Pane {

        private final long begun;

        private final List<@Nullable LiveFeature> features = new ArrayList<>();

        private long samples;

        Pane(long begun, List<@Nullable FeatureBaseline> baseline) {
            this.begun = begun;
            baseline.forEach((feature) -> features.add((feature != null) ? new LiveFeature() : null));
        }

    }

}
