package io.modelserver.ledger;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.modelserver.experiment.conduct.Experiments;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the ledger while everything else starts, and loads the versions of running
 * experiments before the port opens. A ledger that can't be reached does not keep the
 * server from starting. At the end, what is buffered is written.
 */
final class LedgerLifecycle {

    private static final Logger logger = LoggerFactory.getLogger(LedgerLifecycle.class);

    /** Without experiments, requests are answered by versions in production. */
    private static final Duration LONGEST_OPENING = Duration.ofSeconds(30);

    private static final Duration LONGEST_WRITING = Duration.ofSeconds(10);

    private final LedgerWriter writer;

    private final Experiments experiments;

    private final CompletableFuture<Boolean> opened;

    LedgerLifecycle(LedgerDatabase database, LedgerWriter writer, Experiments experiments) {
        this.writer = writer;
        this.experiments = experiments;
        this.opened = CompletableFuture.supplyAsync(() -> open(database),
                (task) -> Thread.ofPlatform().daemon().name("ledger-open").start(task));
        Thread.ofPlatform().daemon().name("ledger-write").start(writer::run);
    }

    private static boolean open(LedgerDatabase database) {
        long start = System.nanoTime();
        boolean open = database.open();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (open && took.compareTo(LONGEST_OPENING) > 0) {
            logger.info("the ledger is open after {} s", took.toSeconds());
        }
        return open;
    }

    void start() {
        if (!opened.isDone()) {
            logger.info("opening the ledger");
        }
        try {
            if (opened.get(LONGEST_OPENING.toMillis(), TimeUnit.MILLISECONDS)) {
                experiments.refresh();
            }
        }
        catch (TimeoutException ex) {
            logger.warn("the ledger is still being opened: until it is open, no experiment assigns requests");
        }
        catch (ExecutionException | LedgerUnavailableException ex) {
            logger.warn("the server starts without its ledger: {}", ex.toString());
        }
        catch (InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    void stop() {
        if (!writer.awaitWritten(LONGEST_WRITING)) {
            logger.error("{} entries of the ledger could not be written before the end", writer.waiting());
        }
        writer.close();
    }

}
