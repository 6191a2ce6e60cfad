package io.modelserver.drift;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.modelserver.model.ModelId;

/**
 * The recent inputs of one version, each feature over its own window. Safe for several
 * threads.
 */
final class VersionSamples {

    private static final Comparator<FeatureDrift> WORST_FIRST = Comparator.comparing(FeatureDrift::verdict)
        .thenComparingDouble(FeatureDrift::distance)
        .thenComparingDouble((feature) -> Math.abs(feature.meanShift()))
        .reversed();

    private final ModelId version;

    private final Baseline baseline;

    private final int minSamples;

    private final Map<Long, SlidingWindow> windows = new TreeMap<>();

    VersionSamples(ModelId version, Baseline baseline, DriftSettings settings) {
        this.version = version;
        this.baseline = baseline;
        this.minSamples = settings.minSamples();
        for (int i = 0; i < baseline.features().size(); i++) {
            FeatureBaseline training = baseline.features().get(i);
            if (training != null) {
                windows.computeIfAbsent(training.window().nanos(settings.windowNanos()), SlidingWindow::new)
                    .watch(i, training);
            }
        }
    }

    /** Adds the last of several time steps; ignores one of another width. */
    synchronized void add(float[] values, int width, long nowNanos) {
        if (width == baseline.features().size()) {
            windows.values().forEach((window) -> window.add(values, values.length - width, nowNanos));
        }
    }

    synchronized DriftReport report(long nowNanos) {
        if (windows.isEmpty()) {
            return DriftReport.withoutBaseline(version, baseline);
        }
        long samples = windows.values().stream().mapToLong((window) -> window.samples(nowNanos)).max().orElse(0);
        List<FeatureDrift> features = windows.values()
            .stream()
            .flatMap((window) -> window.compare(minSamples, nowNanos).stream())
            .sorted(WORST_FIRST)
            .toList();
        return DriftReport.of(version, samples, features, baseline);
    }

}
