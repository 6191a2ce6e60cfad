package io.modelserver.batching;

/**
 * The state of one version's instances.
 *
 * @param working those that run forward passes, or will when there is something to do
 * @param busy those of them that do now
 * @param stuck those whose forward pass exceeds its limit
 */
public record InstanceCount(int working, int busy, int stuck) {
}
