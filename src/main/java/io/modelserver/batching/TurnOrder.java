package io.modelserver.batching;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which version has the next turn, and which thread wakes for it; how that is decided is
 * said at {@link InstanceThreads}, under whose lock every method is called.
 */
final class TurnOrder {

    private static final Logger logger = LoggerFactory.getLogger(TurnOrder.class);

    private static final long SPARE_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final int size;

    private final int spare;

    private final Supplier<InstanceThread> newThread;

    private final Deque<InstancePool> queueing = new ArrayDeque<>();

    private final List<InstanceThread> threads = new ArrayList<>();

    private final Deque<InstanceThread> sleeping = new ArrayDeque<>();

    private int started;

    private int busy;

    private int stuck;

    private boolean closed;

    /**
     * Creates an order in which nobody queues.
     * @param size how many passes run at a time
     * @param spare how many more, each of a version of which no other runs
     * @param newThread makes a thread, which is not started yet
     */
    TurnOrder(int size, int spare, Supplier<InstanceThread> newThread) {
        this.size = size;
        this.spare = spare;
        this.newThread = newThread;
    }

    int threads() {
        return threads.size();
    }

    /**
     * Lets a version queue if it wants a turn.
     * @return whether it does from now on
     */
    boolean enqueue(InstancePool pool) {
        boolean begins = pool.beginsToQueue();
        if (begins) {
            queueing.addLast(pool);
        }
        return begins;
    }

    /** Threads whose pass was given up no longer count. */
    void giveUpStuckPasses() {
        for (InstanceThread thread : threads) {
            Turn turn = thread.turn();
            if (turn != null && turn.giveUpIfStuck()) {
                busy--;
                stuck++;
                enqueue(turn.pool());
            }
        }
        List.copyOf(queueing).forEach(this::wakeFor);
    }

    /** Threads end when there is nothing left to do. */
    void close() {
        closed = true;
        sleeping.forEach(InstanceThread::wake);
        sleeping.clear();
    }

    /**
     * Ends the turn of a thread, if it has one.
     * @return whether the thread is still needed: one that comes back from a pass that
     * was given up may have been replaced
     */
    boolean end(InstanceThread thread) {
        Turn ended = thread.end();
        if (ended == null) {
            return true;
        }
        if (ended.isGivenUp()) {
            stuck--;
        }
        else {
            busy--;
        }
        ended.pool().ended(ended);
        enqueue(ended.pool());
        return !ended.isGivenUp() || !isSurplus();
    }

    /**
     * {@return whether the thread was still there}
     */
    boolean remove(InstanceThread thread) {
        boolean removed = threads.remove(thread);
        wakeNext();
        return removed;
    }

    /**
     * {@return the turn of the version that has queued longest, null if none may run}
     */
    @Nullable Turn next() {
        Iterator<InstancePool> candidates = queueing.iterator();
        while (candidates.hasNext()) {
            InstancePool pool = candidates.next();
            if (mayRun(pool) && pool.queue().untilDue() <= 0) {
                candidates.remove();
                Turn turn = pool.take();
                if (turn != null) {
                    busy++;
                    enqueue(pool);
                    wakeNext();
                    return turn;
                }
            }
        }
        return null;
    }

    /**
     * Has a thread sleep until it is woken, or a batch need not wait for more requests.
     * @return whether the thread is still needed
     */
    boolean sleep(InstanceThread thread) {
        if (closed && queueing.isEmpty()) {
            return false;
        }
        long patience = isSurplus() ? SPARE_IDLE_NANOS : Long.MAX_VALUE;
        long untilDue = queueing.stream()
            .filter(this::mayRun)
            .mapToLong((pool) -> pool.queue().untilDue())
            .min()
            .orElse(Long.MAX_VALUE);
        sleeping.addLast(thread);
        boolean inTime = thread.sleep(Math.min(patience, untilDue));
        boolean woken = !sleeping.remove(thread);
        return woken || inTime || untilDue <= patience || !isSurplus();
    }

    private boolean isSurplus() {
        return working() > size;
    }

    /** Threads that run passes, or will when there is something to do. */
    private int working() {
        return threads.size() - stuck;
    }

    /** Whether a version that queues may have a turn now, if there is a thread. */
    private boolean mayRun(InstancePool pool) {
        return busy < size || !pool.isRunning();
    }

    private void wakeNext() {
        for (InstancePool pool : queueing) {
            if (mayRun(pool)) {
                wakeFor(pool);
                return;
            }
        }
    }

    /** Wakes the thread that has slept longest, or starts one, if a version may run. */
    void wakeFor(InstancePool pool) {
        if (!pool.isQueueing() || !mayRun(pool)) {
            return;
        }
        InstanceThread sleeper = sleeping.pollFirst();
        if (sleeper != null) {
            sleeper.wake();
        }
        else if (working() < (pool.isRunning() ? size : size + spare)) {
            start();
        }
    }

    /** Where the system gives no thread, those that are there must do. */
    private void start() {
        InstanceThread thread = newThread.get();
        try {
            thread.start("instance-" + started);
            started++;
            threads.add(thread);
        }
        catch (OutOfMemoryError ex) {
            logger.error("an instance thread could not be started", ex);
        }
    }

}
