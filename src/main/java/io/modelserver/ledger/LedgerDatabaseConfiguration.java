package io.modelserver.ledger;

import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.Opening;
import io.modelserver.registry.live.HealthReasons;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Configures the ledger's database and the connections to it. */
@Configuration(proxyBeanMethods = false)
class LedgerDatabaseConfiguration {

    private static final Pattern REMOTE_H2 = Pattern.compile("jdbc:h2:(tcp|ssl):");

    private static final String SOCKET_TIMEOUT_SECONDS = "30";

    @Bean
    JdbcConnectionDetails ledgerConnection(LedgerProperties ledger, DataSourceProperties database) {
        String url = (database.getUrl() != null) ? database.getUrl() : embedded(ledger.file());
        return new JdbcConnectionDetails() {

            @Override
            public String getJdbcUrl() {
                return url;
            }

            @Override
            public @Nullable String getUsername() {
                return database.getUsername();
            }

            @Override
            public @Nullable String getPassword() {
                return database.getPassword();
            }

        };
    }

    /**
     * A thread that is interrupted does not lose the file (retry), results are streamed
     * (LAZY_QUERY_EXECUTION), and what is buffered is written before it is closed
     * (DB_CLOSE_ON_EXIT).
     */
    private static String embedded(Path file) {
        // H2 takes a relative path only if one sees that it is one.
        return "jdbc:h2:retry:" + (file.isAbsolute() ? file : "./" + file)
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;LAZY_QUERY_EXECUTION=1;DB_CLOSE_ON_EXIT=FALSE";
    }

    @Bean
    HealthReasons ledgerReasons(LedgerDatabase database) {
        return (registry) -> database.problem().stream().toList();
    }

    @Bean
    LedgerDatabase ledgerDatabase(LedgerProperties ledger, DataSource source) {
        long leastFreeBytes = ledger.minFreeSpace().toBytes();
        if (!(source instanceof HikariDataSource pool)) {
            return new LedgerDatabase(source, new Opening(source, false), () -> {
            }, leastFreeBytes);
        }
        Opening opening = opening(pool);
        if (String.valueOf(pool.getJdbcUrl()).startsWith("jdbc:postgresql:")) {
            // Without it, a server that is cut off is waited for without end.
            pool.addDataSourceProperty("socketTimeout", SOCKET_TIMEOUT_SECONDS);
            pool.addDataSourceProperty("reWriteBatchedInserts", "true");
        }
        if (opening.embedded()) {
            // With the last connection its file would be closed, to be opened again.
            pool.setMaxLifetime(0);
        }
        return new LedgerDatabase(source, opening, () -> dropConnections(pool), leastFreeBytes);
    }

    /** Without the limits of the pool, which are those of a running service. */
    private static Opening opening(HikariDataSource pool) {
        String url = pool.getJdbcUrl();
        if (url == null) {
            return new Opening(pool, false);
        }
        DriverManagerDataSource source = new DriverManagerDataSource(url);
        if (pool.getDriverClassName() != null) {
            source.setDriverClassName(pool.getDriverClassName());
        }
        source.setUsername(pool.getUsername());
        source.setPassword(pool.getPassword());
        Properties properties = new Properties();
        properties.putAll(pool.getDataSourceProperties());
        source.setConnectionProperties(properties);
        return new Opening(source, url.startsWith("jdbc:h2:") && !REMOTE_H2.matcher(url).lookingAt());
    }

    private static void dropConnections(HikariDataSource pool) {
        HikariPoolMXBean connections = pool.getHikariPoolMXBean();
        if (connections != null) {
            connections.softEvictConnections();
        }
    }

}
