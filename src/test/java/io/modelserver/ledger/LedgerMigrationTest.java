package io.modelserver.ledger;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.modelserver.ledger.store.TestDatabase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Ledgers that earlier versions have left, on each database. */
@ParameterizedClass
@EnumSource
class LedgerMigrationTest {

    private static final UUID ANSWERED = UUID.fromString("019b7b2e-4c5e-7a10-8000-3f2a61c0d9e4");

    private static final UUID IMPOSSIBLE = UUID.fromString("019b7b2e-4c5f-7a10-8000-3f2a61c0d9e4");

    private static final Instant ARRIVED = Instant.ofEpochMilli(0x019b7b2e4c5eL);

    private final TestDatabase kind;

    @TempDir
    Path folder;

    private String url;

    LedgerMigrationTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void leaveAnOldLedger() throws SQLException {
        url = kind.url(folder);
        Flyway.configure().dataSource(url, kind.user(), null).target("1").load().migrate();
        execute("""
                insert into experiment (id, assign_by, created_at, duration_millis, min_samples, on_verdict,
                    assigns_model)
                values ('e', 'SYMBOL', timestamp with time zone '2026-01-01 00:00:00+00:00', 3600000, 100, 'REPORT',
                    'hybrid_cnn_lstm')""", """
                insert into variant (experiment_id, place, name, model_name, model_version, traffic, shadow)
                values ('e', 0, 'control', 'hybrid_cnn_lstm', '1', 0.5, false),
                    ('e', 1, 'treatment', 'hybrid_cnn_lstm', '2', 0.5, false),
                    ('e', 2, 'shade', 'hybrid_cnn_lstm', '3', 0, true)""",
                prediction(ANSWERED, 0.02, "2026-01-01 20:00:00+00:00"),
                prediction(IMPOSSIBLE, -120, "2001-01-01 20:00:00+00:00"), """
                        insert into shadow_prediction (prediction_id, variant_id, unit, failed, direction, confidence,
                            latency_nanos)
                        select id, 3, unit, false, 'SELL', 0.5, 2000000 from prediction""", """
                        insert into early_outcome (prediction_id, actual_return, received_at)
                        values ('019b7b2e-4c5e-7a10-8000-3f2a61c0d9e5', 0.01,
                            timestamp with time zone '2026-01-01 20:00:00+00:00')""");
    }

    private static String prediction(UUID id, double actualReturn, String closedAt) {
        return """
                insert into prediction (id, made_at, symbol, model_name, model_version, variant_id, unit, failed,
                    direction, confidence, latency_nanos, actual_return, closed_at)
                values ('%s', timestamp with time zone '2026-01-01 12:00:00+00:00', 'BTCUSDT', 'hybrid_cnn_lstm', '1',
                    1, 'BTCUSDT', false, 'BUY', 0.75, 1500000, %s, timestamp with time zone '%s')""".formatted(id,
                actualReturn, closedAt);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, kind.user(), null);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void oldRowsAreOfTheTimeAtWhichTheyCame() {
        try (LedgerFixture ledger = new LedgerFixture(kind, url)) {
            LedgerRow row = ledger.rows(null).getFirst();

            assertThat(row.predictionId()).isEqualTo(ANSWERED);
            assertThat(row.eventTime()).isEqualTo(ARRIVED);
            assertThat(row.fee()).isNull();
            assertThat(row.actualReturn()).isEqualTo(0.02);
            assertThat(ledger.rows(null)).extracting(LedgerRow::shadow).containsExactly(false, true, false, true);
        }
    }

    @Test
    void oldExperimentsGoOnAndSayNothingOfWhatTheyDidNotKnow() {
        try (LedgerFixture ledger = new LedgerFixture(kind, url)) {
            assertThat(ledger.experiments().running()).singleElement().satisfies((experiment) -> {
                assertThat(experiment.outcomeHorizon()).isNull();
                assertThat(experiment.costBps()).isNull();
                assertThat(experiment.duration()).isEqualTo(Duration.ofHours(1));
            });
            assertThat(ledger.experiments().findFinalAnalysis("e")).isEmpty();
        }
    }

    @Test
    void anOldOutcomeThatCanNotHaveBeenCountsForNothing() {
        try (LedgerFixture ledger = new LedgerFixture(kind, url)) {
            assertThat(ledger.metrics("control").samples()).isEqualTo(2);
            assertThat(ledger.metrics("control").outcomes()).isEqualTo(1);
            assertThat(ledger.metrics("shade").outcomes()).isEqualTo(1);
        }
    }

    @Test
    void aMigrationThatDiedHalfwayIsGoneOnWith() throws SQLException {
        if (kind == TestDatabase.H2) {
            // It commits each statement by itself.
            execute("drop index prediction_by_variant",
                    "alter table prediction alter column symbol set data type varchar(256)",
                    "alter table prediction add column event_time timestamp(3) with time zone");
        }

        try (LedgerFixture ledger = new LedgerFixture(kind, url)) {
            assertThat(ledger.rows(null)).hasSize(4);
        }
    }

    @Test
    void anOldLedgerTakesSymbolsOfAnyScript() {
        String emoji = "\uD83D\uDE80".repeat(128);
        try (LedgerFixture ledger = new LedgerFixture(kind, url)) {
            for (String symbol : List.of("币安人生USDT", emoji)) {
                ledger.write("control", symbol, null);
            }

            assertThat(ledger.rows(null)).filteredOn((row) -> !row.shadow())
                .extracting(LedgerRow::symbol)
                .contains("币安人生USDT", emoji);
        }
    }

}
