package io.modelserver.drift;

/**
 * How live features are sampled.
 *
 * @param windowNanos how far back samples count for features without a window of their
 * own
 * @param intervalNanos the least time from one sample of a version to its next
 * @param minSamples the samples that a feature needs before it is judged; or the rows of
 * training in its window, if those are fewer
 */
public record DriftSettings(long windowNanos, long intervalNanos, int minSamples) {
}
