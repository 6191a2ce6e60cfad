package io.modelserver.ledger;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.modelserver.ledger.store.EntryStore;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.ledger.store.LedgerUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes predictions and changes of stages behind the answers. While the database is
 * unavailable it tries again and the buffer fills; entries for which there is no room are
 * dropped and counted.
 */
public final class LedgerWriter {

    private static final Logger logger = LoggerFactory.getLogger(LedgerWriter.class);

    private static final int BATCH = 1_000;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final EntryStore store;

    private final LedgerBuffer buffer;

    private final Duration gathering;

    /**
     * Creates a writer, which writes nothing before {@link #run}.
     * @param database where to
     * @param capacity the most entries that wait
     * @param gathering how long entries may wait for others to be written with
     */
    public LedgerWriter(LedgerDatabase database, int capacity, Duration gathering) {
        this.store = new EntryStore(database);
        this.buffer = new LedgerBuffer(capacity, BATCH);
        this.gathering = gathering;
    }

    /**
     * Queues an entry for writing; never waits.
     * @param entry what to write
     */
    public void add(LedgerEntry entry) {
        buffer.add(entry);
    }

    /**
     * Writes until {@link #close} and until nothing waits any more. The thread must not
     * be interrupted: H2 would lose its file.
     */
    public void run() {
        List<LedgerEntry> entries = buffer.take(gathering);
        while (!entries.isEmpty()) {
            write(entries);
            buffer.done(entries.size());
            entries = buffer.take(gathering);
        }
    }

    private void write(List<LedgerEntry> entries) {
        while (true) {
            try {
                store.write(entries);
                return;
            }
            catch (LedgerUnavailableException ex) {
                if (buffer.isClosed()) {
                    drop(entries, ex);
                    return;
                }
                LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            }
            catch (RuntimeException ex) {
                drop(entries, ex);
                return;
            }
        }
    }

    private void drop(List<LedgerEntry> entries, RuntimeException reason) {
        buffer.drop(entries.size());
        logger.error("{} entries of the ledger could not be written and are lost", entries.size(), reason);
    }

    /**
     * Makes {@link #run} end once everything queued is written. What comes later is
     * dropped.
     */
    public void close() {
        buffer.close();
    }

    /**
     * Waits until all that was added before is written.
     * @param patience how long to wait
     * @return whether it is
     */
    public boolean awaitWritten(Duration patience) {
        return buffer.awaitWritten(patience);
    }

    /**
     * {@return entries that wait}
     */
    public int waiting() {
        return buffer.size();
    }

    /**
     * {@return entries that were dropped since the start}
     */
    public long dropped() {
        return buffer.dropped();
    }

}
