package io.modelserver.registry.metadata;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.modelserver.drift.Baseline;
import io.modelserver.drift.Bins;
import io.modelserver.drift.FeatureBaseline;
import io.modelserver.drift.FeatureWindow;
import io.modelserver.drift.Limits;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code feature_stats} of a {@code metadata.json}. A feature whose statistics
 * can't be used is left out; the others are still used.
 */
final class FeatureStats {

    private static final int MOST_BINS = 100;

    private FeatureStats() {
    }

    /**
     * Reads what the model saw in training.
     * @param stats the field, which need not be there
     * @param names of the features in their order; empty for all in the order of the file
     * @return what can be used, or why that is nothing
     * @throws IllegalArgumentException if the field is not an object, or no feature can
     * be used and the statistics of one are wrong
     */
    static Baseline read(JsonNode stats, List<String> names) {
        if (stats.isMissingNode() || stats.isNull() || (stats.isObject() && stats.isEmpty())) {
            return Baseline.lacking("metadata.json has no feature_stats");
        }
        if (!stats.isObject()) {
            throw new IllegalArgumentException("expected an object of features");
        }
        List<@Nullable FeatureBaseline> features = new ArrayList<>();
        List<Baseline.Without> without = new ArrayList<>();
        IllegalArgumentException wrong = null;
        for (String name : names.isEmpty() ? stats.propertyNames() : names) {
            JsonNode feature = stats.path(name);
            FeatureBaseline baseline = null;
            if (feature.isMissingNode() || feature.isNull()) {
                without.add(new Baseline.Without(name, name + " is not in feature_stats"));
            }
            else {
                try {
                    baseline = feature(name, feature);
                }
                catch (IllegalArgumentException ex) {
                    wrong = (wrong != null) ? wrong : ex;
                    without
                        .add(new Baseline.Without(name, Objects.requireNonNullElse(ex.getMessage(), "not readable")));
                }
            }
            features.add(baseline);
        }
        if (features.stream().anyMatch(Objects::nonNull)) {
            return Baseline.of(features, without);
        }
        if (wrong != null) {
            throw wrong;
        }
        return Baseline.lacking("feature_stats in metadata.json has none of the model's features");
    }

    private static FeatureBaseline feature(String name, JsonNode stats) {
        if (!stats.isObject()) {
            throw new IllegalArgumentException(name + " must be an object of mean, std and quantiles");
        }
        FeatureBaseline plain = new FeatureBaseline(name, stats.path("mean").asDouble(Double.NaN),
                stats.path("std").asDouble(Double.NaN), numbers(stats.path("quantiles")));
        try {
            return new FeatureBaseline(name, plain.mean(), plain.std(), plain.quantiles(),
                    stats.hasNonNull("bins") ? bins(stats.path("bins")) : plain.bins(),
                    stats.hasNonNull("drift") ? window(stats.path("drift")) : plain.window(),
                    stats.path("missing").asDouble(Double.NaN));
        }
        catch (IllegalArgumentException ex) {
            throw new IllegalArgumentException(name + ": " + ex.getMessage(), ex);
        }
    }

    private static Bins bins(JsonNode bins) {
        if (bins.path("shares").size() > MOST_BINS) {
            throw new IllegalArgumentException("there can't be more than %d bins".formatted(MOST_BINS));
        }
        return Bins.of(numbers(bins.path("edges")), numbers(bins.path("shares")));
    }

    private static FeatureWindow window(JsonNode drift) {
        Duration length = Duration.ofSeconds(drift.path("window_seconds").asLong(0));
        int rows = drift.path("rows").asInt(0);
        if (!drift.hasNonNull("psi") && !drift.hasNonNull("mean_shift")) {
            return FeatureWindow.ofRange(length, rows);
        }
        return FeatureWindow.ofBlocks(length, rows, limits("psi", drift), limits("mean_shift", drift));
    }

    private static Limits limits(String measure, JsonNode drift) {
        List<Double> limits = numbers(drift.path(measure));
        if (limits.size() != 2) {
            throw new IllegalArgumentException("drift.%s must be two limits, [watch, drifted]".formatted(measure));
        }
        return new Limits(limits.get(0), limits.get(1));
    }

    private static List<Double> numbers(JsonNode array) {
        return array.valueStream().map((value) -> value.asDouble(Double.NaN)).toList();
    }

}
