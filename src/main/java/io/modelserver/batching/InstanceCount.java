package io.modelserver.batching;

/**
 * The state of one version's instances.
 *
 * @param working how many forward passes may run at a time, within their limit
 * @param busy those of them that do now
 * @param stuck those whose forward pass exceeds its limit
 */
public record InstanceCount(int working, int busy, int stuck) {
}
