package io.modelserver.batching;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The threads that run the forward passes of all versions, so that a version to which
 * nobody sends requests costs no thread. A version with requests queues for a turn; a
 * thread takes the version that has queued longest, runs one batch of it, and lets it
 * queue again behind the others. So no version starves, however busy the others are.
 * <p>
 * As many passes run at a time as there are threads, except that a version of which no
 * pass runs need not wait for the passes of others: it gets one of a few spare threads,
 * and the operating system divides the cores. So a slow model does not hold up a fast
 * one, and one that hangs holds up nobody, even before its passes are given up. A thread
 * whose pass was given up no longer counts; another takes its place.
 * <p>
 * It is live: a version that begins to queue wakes a sleeping thread, or starts one; a
 * thread that takes a turn and leaves others queueing wakes the next one; and a thread
 * sleeps only after it has seen, under the same lock, that no version may have a turn.
 * The thread that has slept longest wakes first: to wake the one that has just fallen
 * asleep took twice as long (one caller, two virtual cores: 95 µs against 50).
 */
public final class InstanceThreads implements AutoCloseable {

    /** As many versions may be slow or hang until another one has to wait. */
    static final int SPARE = 4;

    private final LongSupplier nanoTime;

    /** Guards the order, and the pools of all versions with their queues. */
    private final ReentrantLock lock = new ReentrantLock();

    private final TurnOrder order;

    /**
     * Creates threads, which start when they are first needed.
     * @param size how many passes run at a time, of all versions together
     * @param nanoTime the clock of deadlines and durations
     */
    public InstanceThreads(int size, LongSupplier nanoTime) {
        if (size < 1) {
            throw new IllegalArgumentException("there must be at least 1 instance thread, not " + size);
        }
        this.nanoTime = nanoTime;
        this.order = new TurnOrder(size, SPARE, () -> new InstanceThread(this, lock.newCondition()));
    }

    /**
     * {@return how many threads there are now, with those that sleep or are stuck}
     */
    public int count() {
        return locked(order::threads);
    }

    /**
     * Abandons forward passes that exceed their limit, of whichever version: answers
     * their requests, and replaces their threads; to be called regularly.
     */
    public void giveUpStuckPasses() {
        lock.lock();
        try {
            order.giveUpStuckPasses();
        }
        finally {
            lock.unlock();
        }
    }

    /** Threads end when there is nothing left to do. */
    @Override
    public void close() {
        lock.lock();
        try {
            order.close();
        }
        finally {
            lock.unlock();
        }
    }

    LongSupplier nanoTime() {
        return nanoTime;
    }

    Condition newCondition() {
        return lock.newCondition();
    }

    /** Looks at a pool while nobody changes it. */
    <T> T locked(Supplier<T> look) {
        lock.lock();
        try {
            return look.get();
        }
        finally {
            lock.unlock();
        }
    }

    Submission submit(InstancePool pool, PendingResult request) {
        lock.lock();
        try {
            Submission submission = pool.queue().offer(request);
            // One that queues already may just have got a full batch.
            if (submission instanceof Submission.Accepted && (order.enqueue(pool) || pool.mayWaitForMore())) {
                order.wakeFor(pool);
            }
            return submission;
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * Has what is queued computed and nothing more accepted.
     * @return whether no pass runs and nothing is queued any more; stuck passes are not
     * waited for
     */
    boolean drain(InstancePool pool, Duration patience) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            pool.queue().close();
            order.wakeFor(pool);
            long left = patience.toNanos();
            while (pool.isWorking() && left > 0) {
                left = pool.changed().awaitNanos(left);
            }
            return !pool.isWorking() && !pool.isStuck();
        }
        finally {
            lock.unlock();
        }
    }

    /** Waits for passes of a version that is drained, stuck ones too. */
    void awaitEnd(InstancePool pool) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pool.isWorking() || pool.isStuck()) {
                pool.changed().await();
            }
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * Ends the turn of a thread, if it has one, and waits for its next one.
     * @return the turn, or null if the thread is not needed any more
     */
    @Nullable Turn next(InstanceThread thread) {
        lock.lock();
        try {
            boolean needed = order.end(thread);
            while (needed) {
                Turn turn = order.next();
                if (turn != null) {
                    thread.begin(turn);
                    return turn;
                }
                needed = order.sleep(thread);
            }
            order.remove(thread);
            return null;
        }
        finally {
            lock.unlock();
        }
    }

    /** A thread has ended, however that came. */
    void gone(InstanceThread thread) {
        lock.lock();
        try {
            if (order.remove(thread)) {
                order.end(thread);
            }
        }
        finally {
            lock.unlock();
        }
    }

}
