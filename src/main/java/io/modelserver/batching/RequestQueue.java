package io.modelserver.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The bounded queue between request threads and instances; every method may be called
 * from any thread.
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

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();

    private final ArrayDeque<PendingResult> waiting = new ArrayDeque<>();

    /** What one request costs of one instance's time, averaged over the last batches. */
    private double nanosPerRequest;

    private int instances;

    private boolean closed;

    RequestQueue(BatchingPolicy policy, LongSupplier nanoTime) {
        this.policy = policy;
        this.nanoTime = nanoTime;
        this.instances = policy.instances();
    }

    Submission offer(PendingResult request) {
        lock.lock();
        try {
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
            changed.signal();
            return new Submission.Accepted(request);
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * {@return whether the request's time would run out before its turn: it is refused
     * now rather than then}
     */
    private boolean isHopeless(PendingResult request) {
        return waiting.size() >= instances * policy.maxBatchSize() && MARGIN * waiting.size() * nanosPerRequest
                / instances > request.deadlineNanos() - nanoTime.getAsLong();
    }

    /** Learns how long passes take. */
    void computed(int batchSize, long computeNanos) {
        lock.lock();
        try {
            nanosPerRequest += ((double) computeNanos / batchSize - nanosPerRequest) / BATCHES_REMEMBERED;
        }
        finally {
            lock.unlock();
        }
    }

    /** Learns how many instances there are to take batches. */
    void setInstances(int instances) {
        lock.lock();
        try {
            this.instances = instances;
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * {@return the next batch, empty when the queue is closed and drained}
     */
    List<PendingResult> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                dropFinished();
                PendingResult oldest = waiting.peekFirst();
                if (oldest == null && closed) {
                    return List.of();
                }
                if (oldest == null) {
                    changed.await();
                    continue;
                }
                long delay = oldest.arrivalNanos() + policy.maxQueueDelayNanos() - nanoTime.getAsLong();
                if (delay <= 0 || closed || waiting.size() >= policy.maxBatchSize()) {
                    return batchOf(oldest);
                }
                changed.awaitNanos(delay);
            }
        }
        finally {
            lock.unlock();
        }
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
        if (!waiting.isEmpty()) {
            changed.signal();
        }
        return batch;
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        }
        finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        }
        finally {
            lock.unlock();
        }
    }

}
