package io.modelserver.ledger;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.modelserver.ledger.store.LedgerEntry;

/**
 * Entries on their way to the database. Adding one never waits: if the buffer is full, it
 * is dropped and counted. One thread removes them, many at a time.
 */
final class LedgerBuffer {

    private final int capacity;

    private final int batch;

    private final ReentrantLock lock = new ReentrantLock();

    private final Condition worthWriting = lock.newCondition();

    private final Condition written = lock.newCondition();

    private final ArrayDeque<LedgerEntry> entries = new ArrayDeque<>();

    private final LongAdder dropped = new LongAdder();

    private long taken;

    private long done;

    private long wanted;

    private boolean closed;

    LedgerBuffer(int capacity, int batch) {
        this.capacity = capacity;
        this.batch = batch;
    }

    void add(LedgerEntry entry) {
        lock.lock();
        try {
            if (closed || entries.size() >= capacity) {
                dropped.increment();
                return;
            }
            entries.add(entry);
            if (entries.size() == 1 || entries.size() == batch) {
                worthWriting.signal();
            }
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * Waits for the first entry, then for more of them, at most as long as given.
     * @return entries in the order in which they came; none once this is closed and empty
     */
    List<LedgerEntry> take(Duration gathering) {
        lock.lock();
        try {
            while (entries.isEmpty() && !closed) {
                worthWriting.awaitUninterruptibly();
            }
            long nanos = gathering.toNanos();
            while (nanos > 0 && entries.size() < batch && wanted <= taken && !closed) {
                nanos = worthWriting.awaitNanos(nanos);
            }
            List<LedgerEntry> some = new ArrayList<>(Math.min(batch, entries.size()));
            while (some.size() < batch && !entries.isEmpty()) {
                some.add(entries.remove());
            }
            taken += some.size();
            return some;
        }
        catch (InterruptedException ex) {
            throw new IllegalStateException("the ledger's thread must not be interrupted", ex);
        }
        finally {
            lock.unlock();
        }
    }

    /** What was taken is written or abandoned. */
    void done(int count) {
        lock.lock();
        try {
            done += count;
            written.signalAll();
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * Waits until everything in the buffer is written.
     * @return whether it is
     */
    boolean awaitWritten(Duration patience) {
        long nanos = patience.toNanos();
        lock.lock();
        try {
            long target = taken + entries.size();
            wanted = Math.max(wanted, target);
            worthWriting.signal();
            while (done < target && nanos > 0) {
                nanos = written.awaitNanos(nanos);
            }
            return done >= target;
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        }
        finally {
            lock.unlock();
        }
    }

    /** Entries that arrive from now on are dropped. */
    void close() {
        lock.lock();
        try {
            closed = true;
            worthWriting.signal();
        }
        finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        }
        finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return entries.size();
        }
        finally {
            lock.unlock();
        }
    }

    /**
     * {@return entries for which there was no room, or that could not be written}
     */
    long dropped() {
        return dropped.sum();
    }

    void drop(int count) {
        dropped.add(count);
    }

}
