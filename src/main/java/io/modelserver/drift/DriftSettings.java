package io.modelserver.drift;

/**
 * How live features are sampled.
 *
 * @param windowNanos how far back samples count of features whose training left no window
 * @param intervalNanos the least time from one sample of a version to its next
 * @param minSamples as many a feature needs before anything is said of it, or as many as
 * training had rows in its window where those are fewer
 */
public record DriftSettings(long windowNanos, long intervalNanos, int minSamples) {
}
