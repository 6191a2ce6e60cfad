package io.modelserver.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
 * The database of the ledger. It may be away when the server starts and whenever later:
 * the schema is brought up to date when it is first reached, and until then, and whenever
 * it fails, those who need it are told so at once. Everything runs in a transaction.
 */
public final class LedgerDatabase {

    private static final Logger logger = LoggerFactory.getLogger(LedgerDatabase.class);

    private static final int ROWS_AT_A_TIME = 1_000;

    private final DataSource source;

    private final JdbcTemplate jdbc;

    private final TransactionTemplate transactions;

    private volatile @Nullable String problem = "the ledger has not been opened yet";

    private volatile boolean migrated;

    private volatile boolean embedded;

    /**
     * Makes the ledger's access to its database, which is not reached yet.
     * @param source where connections come from
     */
    public LedgerDatabase(DataSource source) {
        this.source = source;
        this.jdbc = new JdbcTemplate(source);
        this.jdbc.setFetchSize(ROWS_AT_A_TIME);
        this.transactions = new TransactionTemplate(new JdbcTransactionManager(source));
    }

    /**
     * Reaches the database and brings its schema up to date; does nothing once that is
     * done.
     * @return whether it is
     */
    public synchronized boolean open() {
        if (migrated) {
            return true;
        }
        try (Connection connection = source.getConnection()) {
            embedded = connection.getMetaData().getDatabaseProductName().equals("H2");
            Flyway.configure(getClass().getClassLoader()).dataSource(source).load().migrate();
            migrated = true;
            problem = null;
            return true;
        }
        catch (SQLException | FlywayException ex) {
            failed(ex);
            return false;
        }
    }

    /**
     * {@return what is wrong with the ledger, in a sentence; empty if nothing is}
     */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * Does something in one transaction. What is wrong with the work itself, such as a
     * key that is taken, is thrown as Spring has it.
     * @throws LedgerUnavailableException if the database fails; nothing was changed
     */
    <T extends @Nullable Object> T inTransaction(Function<JdbcTemplate, T> work) {
        if (!migrated) {
            throw new LedgerUnavailableException(String.valueOf(problem));
        }
        try {
            T result = transactions.execute((status) -> work.apply(jdbc));
            problem = null;
            return result;
        }
        catch (NonTransientDataAccessResourceException | TransientDataAccessException | RecoverableDataAccessException
                | UncategorizedDataAccessException | TransactionException ex) {
            throw unavailable(ex);
        }
    }

    /**
     * Does something in one transaction that is on disk when this returns, also if the
     * power fails then. H2 only hands a commit to the operating system.
     * @throws LedgerUnavailableException if the database fails; nothing was changed, or
     * it was but may not outlive a loss of power
     */
    <T extends @Nullable Object> T durably(Function<JdbcTemplate, T> work) {
        T result = inTransaction(work);
        if (embedded) {
            try {
                jdbc.execute("checkpoint sync");
            }
            catch (DataAccessException ex) {
                throw unavailable(ex);
            }
        }
        return result;
    }

    private LedgerUnavailableException unavailable(RuntimeException ex) {
        failed(ex);
        return new LedgerUnavailableException("the ledger can't be reached or written", ex);
    }

    private void failed(Exception ex) {
        if (problem == null || !migrated) {
            logger.warn("the ledger is unavailable: {}", ex.toString());
        }
        problem = "the ledger can't be reached or written: outcomes and experiments are refused, predictions go on";
    }

}
