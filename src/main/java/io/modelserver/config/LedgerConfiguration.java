package io.modelserver.config;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.modelserver.experiment.AnalysisFormat;
import io.modelserver.experiment.Experiments;
import io.modelserver.inference.Prediction;
import io.modelserver.ledger.JdbcExperimentStore;
import io.modelserver.ledger.LedgerDatabase;
import io.modelserver.ledger.LedgerUnavailableException;
import io.modelserver.ledger.LedgerWriter;
import io.modelserver.ledger.Opening;
import io.modelserver.ledger.Outcomes;
import io.modelserver.ledger.PredictionArchive;
import io.modelserver.ledger.Retention;
import io.modelserver.monitoring.MetricsAfterWarmUp;
import io.modelserver.registry.ModelLifecycle;
import io.modelserver.registry.ModelRegistry;
import io.modelserver.serving.RegistryVersions;
import io.modelserver.serving.ShadowTraffic;
import io.modelserver.trading.SignalReader;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Makes the ledger and the experiments that it keeps. */
@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    private static final Duration CLAIM_INTERVAL = Duration.ofSeconds(1);

    private static final Duration RETENTION_INTERVAL = Duration.ofHours(1);

    private static final Pattern REMOTE_H2 = Pattern.compile("jdbc:h2:(tcp|ssl):");

    private static final String SOCKET_TIMEOUT_SECONDS = "30";

    @Bean
    JdbcConnectionDetails ledgerConnection(ModelServerProperties properties, DataSourceProperties database) {
        String url = (database.getUrl() != null) ? database.getUrl() : embedded(properties.ledger().file());
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
    LedgerDatabase ledgerDatabase(ModelServerProperties properties, DataSource source) {
        long leastFreeBytes = properties.ledger().minFreeSpace().toBytes();
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

    @Bean
    LedgerWriter ledgerWriter(ModelServerProperties properties, LedgerDatabase database, MetricsAfterWarmUp metrics) {
        LedgerWriter writer = new LedgerWriter(database, properties.ledger().buffer(), properties.ledger().gathering());
        metrics.metrics().watchLedger(writer, LedgerWriter::waiting, LedgerWriter::dropped);
        return writer;
    }

    @Bean
    LedgerRecorder ledgerRecorder(ModelServerProperties properties, LedgerWriter writer, MetricsAfterWarmUp metrics,
            Clock clock) {
        return new LedgerRecorder(writer, properties.ledger().predictions(), metrics.metrics()::shadowDropped,
                new UndatedRequests(metrics.metrics()::undated, clock), clock);
    }

    @Bean
    Outcomes outcomes(ModelServerProperties properties, LedgerDatabase database, LedgerWriter writer, Clock clock) {
        return new Outcomes(database, writer, clock, properties.experiment().outcomeLimits());
    }

    @Bean
    PredictionArchive predictionArchive(LedgerDatabase database) {
        return new PredictionArchive(database);
    }

    @Bean
    Experiments experiments(ModelServerProperties properties, LedgerDatabase database, LedgerWriter writer,
            ModelRegistry registry, ModelLifecycle lifecycle, AnalysisFormat format, Clock clock,
            LongSupplier nanoTime) {
        return new Experiments(new JdbcExperimentStore(database, writer, properties.experiment().outcomeLimits()),
                new RegistryVersions(registry, lifecycle, nanoTime, properties.registry().loadLimit().toNanos()),
                properties.experiment().analysis(), format, clock);
    }

    @Bean
    ShadowTraffic<Prediction> shadowTraffic(ModelServerProperties properties, ModelRegistry registry,
            LedgerRecorder recorder, LongSupplier nanoTime) {
        return new ShadowTraffic<>(registry, new SignalReader(), recorder, properties.experiment().shadowQueue(),
                nanoTime);
    }

    @Bean
    LedgerLifecycle ledgerLifecycle(LedgerDatabase database, LedgerWriter writer, Experiments experiments) {
        return new LedgerLifecycle(database, writer, experiments);
    }

    @Bean
    Recurring shadowing(ShadowTraffic<Prediction> shadows) {
        return new Recurring("shadows", Duration.ZERO, shadows::run);
    }

    @Bean
    Recurring experimentRefresh(ModelServerProperties properties, LedgerDatabase database, Experiments experiments) {
        return new Recurring("experiments", properties.experiment().refresh(), whileReachable(() -> {
            if (database.open()) {
                experiments.refresh();
            }
        }));
    }

    @Bean
    Recurring verdicts(ModelServerProperties properties, Experiments experiments) {
        return new Recurring("verdicts", properties.experiment().look(), whileReachable(experiments::applyVerdicts));
    }

    @Bean
    Recurring earlyOutcomes(Outcomes outcomes) {
        return new Recurring("early-outcomes", CLAIM_INTERVAL, whileReachable(outcomes::claimEarly));
    }

    @Bean
    Recurring retention(ModelServerProperties properties, LedgerDatabase database, Clock clock) {
        Retention retention = new Retention(database, properties.ledger().retention(), clock);
        return new Recurring("retention", RETENTION_INTERVAL, whileReachable(retention::apply));
    }

    /** That the ledger is away is said once, by itself. */
    private static Recurring.Task whileReachable(Recurring.Task task) {
        return () -> {
            try {
                task.run();
            }
            catch (LedgerUnavailableException ex) {
                // The next time will do.
            }
        };
    }

}
