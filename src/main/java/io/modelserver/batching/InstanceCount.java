package io.modelserver.batching;

/**
 * How the instances of one version are.
 *
 * @param working those that run forward passes, or will when there is something to do
 * @param busy those of them that do now
 * @param stuck those whose forward pass exceeds its limit
 */
public record InstanceCount(int working, int busy, int stuck) {
}
