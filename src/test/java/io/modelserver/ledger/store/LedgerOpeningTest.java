package io.modelserver.ledger.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** How an embedded ledger is opened where that takes its time. */
class LedgerOpeningTest {

    private final CountDownLatch asked = new CountDownLatch(1);

    private final CountDownLatch slow = new CountDownLatch(1);

    @TempDir
    Path folder;

    private String url;

    private HikariDataSource pool;

    @BeforeEach
    void prepare() {
        url = TestDatabase.H2.url(folder);
        pool = TestDatabase.H2.open(url);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void whoeverReadsWhileItIsBeingOpenedWaitsAndNothingIsWrong() throws Exception {
        LedgerDatabase database = database(new SlowSource(new DriverManagerDataSource(url, "sa", "")));
        CompletableFuture<Boolean> opened = CompletableFuture.supplyAsync(database::open);
        asked.await();

        CompletableFuture<List<String>> read = CompletableFuture.supplyAsync(
                () -> database.inTransaction((jdbc) -> jdbc.queryForList("select id from experiment", String.class)));
        assertThat(database.isOpening()).isTrue();
        assertThat(database.problem()).isEmpty();
        assertThat(read).isNotDone();
        slow.countDown();

        assertThat(opened.get()).isTrue();
        assertThat(read.get()).isEmpty();
        assertThat(database.isOpening()).isFalse();
    }

    @Test
    void oneThatCanNotBeOpenedIsAProblemAndIsTriedAgain() {
        LedgerDatabase database = database(new BrokenSource(new DriverManagerDataSource(url, "sa", "")));

        assertThat(database.open()).isFalse();

        assertThat(database.isOpening()).isFalse();
        assertThat(database.problem()).hasValueSatisfying((problem) -> assertThat(problem).contains("refused"));
        assertThatExceptionOfType(LedgerUnavailableException.class)
            .isThrownBy(() -> database.inTransaction((jdbc) -> 1));
        assertThat(database.open()).isTrue();
        assertThat(database.problem()).isEmpty();
    }

    private LedgerDatabase database(DataSource source) {
        return new LedgerDatabase(pool, new Opening(source, true), () -> {
        }, 0);
    }

    /** Gives no connection until it is told to. */
    private final class SlowSource extends DelegatingDataSource {

        SlowSource(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            asked.countDown();
            try {
                slow.await();
            }
            catch (InterruptedException ex) {
                throw new SQLException(ex);
            }
            return super.getConnection();
        }

    }

    /** Gives no connection the first time. */
    private static final class BrokenSource extends DelegatingDataSource {

        private boolean works;

        BrokenSource(DataSource target) {
            super(target);
        }

        @Override
        public Connection getConnection() throws SQLException {
            if (!works) {
                works = true;
                throw new SQLException("the file is locked");
            }
            return super.getConnection();
        }

    }

}
