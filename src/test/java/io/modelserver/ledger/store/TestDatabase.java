package io.modelserver.ledger.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The databases that the ledger runs on, each with an empty ledger when it is asked for.
 */
public enum TestDatabase {

    H2 {
        @Override
        public String url(Path folder) {
            return "jdbc:h2:retry:%s;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;LAZY_QUERY_EXECUTION=1"
                .formatted(folder.resolve("ledger"));
        }

        @Override
        public String user() {
            return "sa";
        }
    },

    POSTGRESQL {
        @Override
        public String url(Path folder) {
            String name = "ledger_" + UUID.randomUUID().toString().replace('-', '_');
            new JdbcTemplate(Postgres.SERVER.getPostgresDatabase()).execute("create database " + name);
            return Postgres.SERVER.getJdbcUrl("postgres", name);
        }

        @Override
        public String user() {
            return "postgres";
        }
    };

    public abstract String url(Path folder);

    public abstract String user();

    public HikariDataSource open(String url) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(url);
        source.setUsername(user());
        source.setAutoCommit(false);
        source.setMaximumPoolSize(4);
        source.setConnectionTimeout(300_000);
        source.setInitializationFailTimeout(-1);
        return source;
    }

    public static LedgerDatabase ledger(HikariDataSource source) {
        LedgerDatabase database = new LedgerDatabase(source, new Opening(source, false),
                () -> source.getHikariPoolMXBean().softEvictConnections(), 0);
        if (!database.open()) {
            throw new IllegalStateException(database.problem().orElse("unknown"));
        }
        return database;
    }

    /** Started once, when the first test asks for it; ends with the process. */
    private static final class Postgres {

        private static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(5)).start();
            }
            catch (IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

    }

}
