package io.modelserver.batching;

import java.util.List;

/**
 * What an instance is busy with. It ends in time or is abandoned, never both, so that its
 * requests are answered by one.
 */
final class ForwardPass {

    private final List<PendingResult> batch;

    private final long startNanos;

    private boolean over;

    /**
     * Begins a pass.
     * @param batch its requests, at least one
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
     * {@return true for the first who asks, who alone may answer its requests}
     */
    synchronized boolean end() {
        boolean first = !over;
        over = true;
        return first;
    }

}
