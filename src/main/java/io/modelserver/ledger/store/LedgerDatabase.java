package io.modelserver.ledger.store;

import java.io.File;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.dao.UncategorizedDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database of the ledger. It may be unavailable when the server starts and at any
 * later time: the schema is brought up to date when it is first reached, and until then,
 * and whenever it fails, callers get an error at once. Only while an embedded one is
 * being opened for the first time do they wait, since it exists. Everything runs in a
 * transaction.
 */
public final class LedgerDatabase {

    private static final Logger logger = LoggerFactory.getLogger(LedgerDatabase.class);

    private static final int ROWS_AT_A_TIME = 1_000;

    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Duration OPENING_PATIENCE = Duration.ofSeconds(10);

    private static final int MOST_ATTEMPTS = 30;

    private final DataSource source;

    private final Opening opening;

    private final CountDownLatch triedToOpen = new CountDownLatch(1);

    private final Runnable dropConnections;

    private final JdbcTemplate jdbc;

    private final TransactionTemplate transactions;

    private volatile @Nullable String problem;

    private volatile @Nullable Long lastSaidNanos;

    private volatile boolean migrated;

    private final long leastFreeBytes;

    private volatile @Nullable File folder;

    /**
     * Creates the ledger's access to its database, which is not reached yet.
     * @param source where connections come from, those that do not commit by themselves
     * @param opening how it is opened
     * @param dropConnections releases the connections of the pool: H2 closes its file
     * when the disk fails, and a connection from before stays closed
     * @param leastFreeBytes nothing is written to an embedded database while its disk has
     * less: H2 2.4 may loop forever after the disk was full
     */
    public LedgerDatabase(DataSource source, Opening opening, Runnable dropConnections, long leastFreeBytes) {
        this.source = source;
        this.opening = opening;
        this.problem = opening.embedded() ? null : "the ledger has not been opened yet";
        this.dropConnections = dropConnections;
        this.leastFreeBytes = leastFreeBytes;
        this.jdbc = new JdbcTemplate(source);
        this.jdbc.setFetchSize(ROWS_AT_A_TIME);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /**
     * Reaches the database and brings its schema up to date. Once that is done, it only
     * checks whether a later fault persists.
     * @return whether it is done
     * @throws LedgerUnavailableException if it is done and the database fails
     */
    public synchronized boolean open() {
        if (migrated) {
            if (problem != null) {
                durably((nothing) -> true);
            }
            return true;
        }
        try {
            if (!opening.embedded()) {
                source.getConnection().close();
            }
            migrate();
            problem = null;
            return true;
        }
        catch (SQLException | FlywayException ex) {
            failed(ex);
            return false;
        }
        finally {
            triedToOpen.countDown();
        }
    }

    /** An embedded database is closed with its last connection: so one is kept. */
    private void migrate() throws SQLException {
        try (Connection connection = opening.source().getConnection()) {
            folder = connection.getMetaData().getDatabaseProductName().equals("H2") ? folderOf(connection) : null;
            Flyway.configure(getClass().getClassLoader()).dataSource(opening.source()).load().migrate();
            fillPool();
            migrated = true;
        }
    }

    /**
     * The first connection of a pool takes longest, on a slow machine longer than its
     * limit.
     */
    private void fillPool() throws SQLException {
        for (int attempt = 1;; attempt++) {
            try (Connection first = source.getConnection()) {
                logger.debug("the pool has its first connection: {}", first);
                return;
            }
            catch (SQLTransientException ex) {
                if (attempt == MOST_ATTEMPTS) {
                    throw ex;
                }
            }
        }
    }

    /**
     * {@return whether an embedded database is being opened for the first time: nothing
     * is wrong, but those who need it must wait}
     */
    public boolean isOpening() {
        return opening.embedded() && !migrated && problem == null;
    }

    /**
     * {@return what is wrong with the ledger, in a sentence; empty if nothing is}
     */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Runs a task in one transaction. A fault of the work itself, such as a duplicate
     * key, is thrown as Spring's exception.
     * @param <T> the type of the result
     * @param work is given the connection; runs in the calling thread
     * @return what the work returned
     * @throws LedgerUnavailableException if the database fails; nothing was changed
     */
    public <T extends @Nullable Object> T inTransaction(Function<JdbcTemplate, T> work) {
        T result = run(work);
        if (folder == null) {
            problem = null;
        }
        return result;
    }

    /**
     * Runs a task in one transaction that is on disk when this returns, even if the power
     * fails then. H2 only hands a commit to a thread of its own, which may find the disk
     * full.
     * @param <T> the type of the result
     * @param work is given the connection; runs in the calling thread
     * @return what the work returned
     * @throws LedgerUnavailableException if the database fails; nothing was changed, or
     * it was but may be lost
     */
    public <T extends @Nullable Object> T durably(Function<JdbcTemplate, T> work) {
        expectSpace();
        T result = run(work);
        if (folder != null) {
            try {
                jdbc.execute("checkpoint sync");
            }
            catch (DataAccessException ex) {
                throw unavailable(ex);
            }
        }
        problem = null;
        return result;
    }

    private void expectSpace() {
        File store = folder;
        if (store != null && store.getUsableSpace() < leastFreeBytes) {
            throw unavailable(new IllegalStateException(
                    "the disk of the ledger has only %d bytes left".formatted(store.getUsableSpace())));
        }
    }

    /**
     * A {@link File}, since {@link java.nio.file.FileStore} fails where the mount is not
     * listed, as in a sandbox.
     */
    private static @Nullable File folderOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select database_path()")) {
            row.next();
            String path = row.getString(1);
            // A scheme of H2's before it, such as retry:, is not part of the path.
            return (path == null) ? null
                    : new File(path.substring(path.lastIndexOf(':') + 1)).getAbsoluteFile().getParentFile();
        }
    }

    private <T extends @Nullable Object> T run(Function<JdbcTemplate, T> work) {
        awaitOpening();
        try {
            return transactions.execute((status) -> work.apply(jdbc));
        }
        catch (NonTransientDataAccessResourceException | TransientDataAccessException | RecoverableDataAccessException
                | UncategorizedDataAccessException | TransactionException ex) {
            throw unavailable(ex);
        }
    }

    private void awaitOpening() {
        if (isOpening()) {
            try {
                triedToOpen.await(OPENING_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
            }
            catch (InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }
        if (!migrated) {
            throw new LedgerUnavailableException(
                    Objects.requireNonNullElse(problem, "the ledger is still being opened"));
        }
    }

    private LedgerUnavailableException unavailable(RuntimeException ex) {
        failed(ex);
        return new LedgerUnavailableException("the ledger can't be reached or written", ex);
    }

    private void failed(Exception ex) {
        long now = System.nanoTime();
        Long last = lastSaidNanos;
        if (last == null || now - last > SILENCE_NANOS) {
            lastSaidNanos = now;
            logger.warn("the ledger is unavailable: {}", NestedExceptionUtils.getMostSpecificCause(ex).toString());
        }
        dropConnections.run();
        problem = "the ledger can't be reached or written: outcomes and experiments are refused, predictions continue";
    }

}
