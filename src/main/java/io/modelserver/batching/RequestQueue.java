package io.modelserver.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The bounded queue between request threads and the instances of one version; every
 * method is called under the lock of the {@link InstanceThreads}.
 */
final class RequestQueue {

    private static final double BATCHES_REMEMBERED = 8;

    /**
     * How much longer than foreseen the queue may take: passes are not all there is to
     * do.
     */
    private static final double MARGIN = 1.25;

    private final BatchingPolicy policy;

    private final LongSupplier nanoTime;

    private final ArrayDeque<PendingResult> waiting = new ArrayDeque<>();

    /**
     * What one request costs of one instance's time, that of waiting for a thread
     * included, averaged over the last batches.
     */
    private double nanosPerRequest;

    private int instances;

    private boolean closed;

    RequestQueue(BatchingPolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
        this.instances = policy.instances();
    }

    Submission offer(PendingResult request) {
        if (closed) {
            return new Submission.Closed();
        }
        if (instances == 0) {
            return new Submission.Stuck();
        }
        if (waiting.size() >= policy.queueCapacity()) {
            waiting.removeIf((queued) -> queued.isOver(nanoTime.getAsLong()));
        }
        if (waiting.size() >= policy.queueCapacity() || isHopeless(request)) {
            return new Submission.Overloaded();
        }
        waiting.addLast(request);
        return new Submission.Accepted(request);
    }

    /**
     * {@return whether the request's time would run out before its turn: it is refused
     * now rather than then}
     */
    private boolean isHopeless(PendingResult request) {
        return waiting.size() >= instances * policy.maxBatchSize() && MARGIN * waiting.size() * nanosPerRequest
                / instances > request.deadlineNanos() - nanoTime.getAsLong();
    }

    /**
     * Learns how long batches take.
     * @param batchSize how many requests were in it
     * @param nanos from when the version wanted a turn to the batch's end
     */
    void computed(int batchSize, long nanos) {
        nanosPerRequest += ((double) nanos / batchSize - nanosPerRequest) / BATCHES_REMEMBERED;
    }

    /** Learns how many instances there are to take batches. */
    void setInstances(int instances) {
        this.instances = instances;
    }

    /**
     * {@return how many nanoseconds the next batch may wait for more requests, 0 or less
     * if it is due}
     */
    long untilDue() {
        if (policy.maxQueueDelayNanos() == 0 || closed) {
            return 0;
        }
        dropFinished();
        PendingResult oldest = waiting.peekFirst();
        return (oldest == null || waiting.size() >= policy.maxBatchSize()) ? 0
                : oldest.arrivalNanos() + policy.maxQueueDelayNanos() - nanoTime.getAsLong();
    }

    /**
     * {@return the next batch, empty if nobody waits for an answer}
     */
    List<PendingResult> take() {
        dropFinished();
        PendingResult oldest = waiting.peekFirst();
        return (oldest == null) ? List.of() : batchOf(oldest);
    }

    private void dropFinished() {
        PendingResult oldest = waiting.peekFirst();
        while (oldest != null && oldest.isOver(nanoTime.getAsLong())) {
            waiting.removeFirst();
            oldest = waiting.peekFirst();
        }
    }

    /** The oldest request is always in, which keeps other shapes from starving it. */
    private List<PendingResult> batchOf(PendingResult oldest) {
        long now = nanoTime.getAsLong();
        List<PendingResult> batch = new ArrayList<>(Math.min(waiting.size(), policy.maxBatchSize()));
        Iterator<PendingResult> candidates = waiting.iterator();
        while (batch.size() < policy.maxBatchSize() && candidates.hasNext()) {
            PendingResult candidate = candidates.next();
            if (candidate != oldest && candidate.isOver(now)) {
                candidates.remove();
            }
            else if (candidate.input().hasShapesOf(oldest.input())) {
                batch.add(candidate);
                candidates.remove();
            }
        }
        return batch;
    }

    int size() {
        return waiting.size();
    }

    boolean isClosed() {
        return closed;
    }

    void close() {
        closed = true;
    }

}
