package io.modelserver.front.http;

/**
 * Limits of requests.
 *
 * @param maxRequests the most requests in one batch
 * @param maxBatchSize the most of them that are queued before the first is waited for
 * @param maxBodyBytes the longest body
 * @param maxBytesInFlight the most bytes of all bodies at a time
 * @param longestHeadNanos how long a request's head may take to arrive
 * @param longestBodyNanos how long a body may take to arrive
 */
public record RequestLimits(int maxRequests, int maxBatchSize, long maxBodyBytes, long maxBytesInFlight,
        long longestHeadNanos, long longestBodyNanos) {
}
