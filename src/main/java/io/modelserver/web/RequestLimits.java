package io.modelserver.web;

/**
 * What requests may ask for.
 *
 * @param maxRequests the most requests in one batch
 * @param maxBatchSize the most of them that are queued before the first is waited for
 * @param maxBodyBytes the longest body
 */
public record RequestLimits(int maxRequests, int maxBatchSize, long maxBodyBytes) {
}
