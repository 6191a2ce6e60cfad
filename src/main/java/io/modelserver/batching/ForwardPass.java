package io.modelserver.batching;

import java.util.List;

/**
 * What an instance is busy with. It ends in time or is abandoned, never both, so that an
 * instance knows whether it has been replaced.
 */
final class ForwardPass {

    private final List<PendingResult> batch;

    private final long startNanos;

    private boolean over;

    /**
     * Begins a pass.
     * @param batch its requests; empty while the runner is opened
     * @param startNanos when it began
     */
    ForwardPass(List<PendingResult> batch, long startNanos) {
        this.batch = batch;
        this.startNanos = startNanos;
    }

    List<PendingResult> batch() {
        return batch;
    }

    long startNanos() {
        return startNanos;
    }

    /**
     * {@return whether it takes longer than it may; to open a runner is to warm it up,
     * with many passes}
     */
    boolean exceedsLimit(BatchingPolicy policy, long now) {
        long passes = batch.isEmpty() ? 2L * policy.maxBatchSize() : 1;
        return now - startNanos > passes * policy.longestPassNanos();
    }

    /**
     * {@return true for the first who asks, who alone may answer its requests}
     */
    synchronized boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

}
