package io.modelserver.drift;

/**
 * How live features are sampled.
 *
 * @param windowNanos how far back samples count
 * @param intervalNanos the least time from one sample of a version to its next
 * @param minSamples as many a version needs before anything is said of it
 */
public record DriftSettings(long windowNanos, long intervalNanos, int minSamples) {
}
