package io.modelserver.drift;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a version saw in training.
 *
 * @param features by their position in a time step; null where training left no
 * statistics
 */
public record Baseline(List<@Nullable FeatureBaseline> features) {
}
