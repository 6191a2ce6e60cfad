package io.modelserver.ledger;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.ledger.store.EntryStore;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.ledger.store.Opening;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Helps {@code bench/ledger}: {@code postgres} runs a PostgreSQL until its input ends,
 * {@code analysis URL USER COUNT} fills a ledger with predictions and outcomes and times
 * how long it takes to read and to analyse them, {@code pairs URL USER COUNT} reads as
 * many answers of control with what a shadow said, {@code migration URL USER COUNT} times
 * how long a ledger of the first schema takes to be opened.
 */
final class LedgerFigures {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private static final int ROWS_AT_A_TIME = 1_000;

    private static final int SYMBOLS = 500;

    private static final int ANALYSES = 7;

    private LedgerFigures() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("postgres")) {
            runPostgres();
        }
        else {
            int count = Integer.parseInt(arguments[3]);
            try (HikariDataSource source = source(arguments[1], arguments[2])) {
                switch (arguments[0]) {
                    case "analysis" -> time(source, count, false);
                    case "pairs" -> time(source, count, true);
                    case "migration" -> timeMigration(source, count);
                    default -> throw new IllegalArgumentException(arguments[0]);
                }
            }
        }
    }

    private static HikariDataSource source(String url, String user) {
        HikariDataSource source = new HikariDataSource();
        source.setJdbcUrl(url);
        source.setUsername(user);
        source.setAutoCommit(false);
        source.addDataSourceProperty("reWriteBatchedInserts", "true");
        return source;
    }

    private static LedgerDatabase open(HikariDataSource source) {
        LedgerDatabase database = new LedgerDatabase(source, new Opening(source, false), () -> {
        }, 0);
        if (!database.open()) {
            throw new IllegalStateException(database.problem().orElseThrow());
        }
        return database;
    }

    private static void timeMigration(HikariDataSource source, int count) {
        Flyway.configure().dataSource(source).target("1").load().migrate();
        Random random = new Random(1);
        JdbcTemplate jdbc = new JdbcTemplate(source);
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(source));
        long start = System.nanoTime();
        for (int done = 0; done < count; done += ROWS_AT_A_TIME) {
            List<Object[]> rows = new ArrayList<>();
            for (int i = 0; i < ROWS_AT_A_TIME; i++) {
                long millis = START.toEpochMilli() + (done + i) / 5;
                OffsetDateTime time = Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
                String symbol = "SYM" + random.nextInt(SYMBOLS);
                rows.add(new Object[] { id(millis, i, random), time, symbol, 1 + random.nextInt(2), symbol,
                        random.nextFloat(), random.nextFloat(), 1_000_000 + random.nextInt(1_000_000),
                        0.01 * random.nextGaussian(), time });
            }
            transactions.executeWithoutResult((status) -> jdbc.batchUpdate("""
                    insert into prediction (id, made_at, symbol, model_name, model_version, variant_id, unit, failed,
                        direction, confidence, expected_return, latency_nanos, actual_return, closed_at)
                    values (?, ?, ?, 'hybrid_cnn_lstm', '20251114_192715', ?, ?, false, 'BUY', ?, ?, ?, ?, ?)""", rows));
        }
        System.out.printf("filled in %.0f s%n", (System.nanoTime() - start) / 1e9);
        start = System.nanoTime();
        open(source);
        System.out.println("MIGRATED " + (System.nanoTime() - start) / 1e9);
    }

    private static UUID id(long millis, int i, Random random) {
        return new UUID((millis << 16) | 0x7000 | (i & 0xfff), 0x8000_0000_0000_0000L | random.nextInt());
    }

    private static void runPostgres() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            for (String name : new String[] { "analysis", "pairs", "migration" }) {
                new JdbcTemplate(postgres.getPostgresDatabase()).execute("create database " + name);
            }
            System.out.println("URL " + postgres.getJdbcUrl("postgres", "postgres"));
            while (System.in.read() >= 0) {
                // Until whoever started it has gone.
            }
        }
    }

    private static void time(HikariDataSource source, int count, boolean shadowed) {
        LedgerDatabase database = open(source);
        LedgerWriter writer = new LedgerWriter(database, ROWS_AT_A_TIME, Duration.ofMillis(1));
        OutcomeLimits limits = new OutcomeLimits(1);
        JdbcExperimentStore experiments = new JdbcExperimentStore(database, writer, limits);
        Experiment experiment = experiment("figures-" + UUID.randomUUID(), shadowed);
        experiments.insert(experiment);
        long start = System.nanoTime();
        fill(database, experiment, count, shadowed);
        System.out.printf("filled %s in %.0f s%n", source.getJdbcUrl(), (System.nanoTime() - start) / 1e9);
        double[] reading = new double[ANALYSES];
        double[] analysing = new double[ANALYSES];
        for (int i = 0; i < ANALYSES; i++) {
            start = System.nanoTime();
            Counter counter = new Counter();
            database.inTransaction((jdbc) -> EvidenceReader.readOnce(jdbc, experiment, limits, 0, counter));
            reading[i] = (System.nanoTime() - start) / 1e9;
            start = System.nanoTime();
            Evidence evidence = new Evidence(experiment, AnalysisSettings.defaults());
            experiments.read(evidence);
            Analysis analysis = Analyst.analyse(evidence, START);
            analysing[i] = (System.nanoTime() - start) / 1e9;
            System.out.printf("%.2f s to read %d rows and %d pairs, %.2f s to analyse %d and %d samples, heap %d MB of %d%n",
                    reading[i], counter.rows, counter.pairs, analysing[i], analysis.metrics().getFirst().samples(),
                    analysis.metrics().getLast().samples(),
                    (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20,
                    Runtime.getRuntime().maxMemory() >> 20);
        }
        Arrays.sort(reading);
        Arrays.sort(analysing);
        System.out.println("READ " + reading[ANALYSES / 2]);
        System.out.println("MEDIAN " + analysing[ANALYSES / 2]);
    }

    private static final class Counter implements EvidenceReader.Sink {

        private long rows;

        private long pairs;

        @Override
        public void add(String variant, Observation observation) {
            rows++;
        }

        @Override
        public void addPair(String shadow, Observation ofControl, Observation ofShadow) {
            pairs++;
        }

    }

    private static void fill(LedgerDatabase database, Experiment experiment, int count, boolean shadowed) {
        Random random = new Random(1);
        EntryStore entries = new EntryStore(database);
        Outcomes outcomes = new Outcomes(database, new LedgerWriter(database, 1, Duration.ofMillis(1)),
                Clock.systemUTC(), new OutcomeLimits(1));
        for (int done = 0; done < count; done += ROWS_AT_A_TIME) {
            List<LedgerEntry> some = new ArrayList<>();
            List<Outcome> what = new ArrayList<>();
            for (int i = 0; i < ROWS_AT_A_TIME; i++) {
                long millis = START.toEpochMilli() + (done + i) / 5;
                UUID id = id(millis, i, random);
                String symbol = "SYM" + random.nextInt(SYMBOLS);
                Variant variant = (!shadowed && random.nextInt(10) == 0) ? experiment.variants().getLast()
                        : experiment.control();
                Direction direction = random.nextBoolean() ? Direction.BUY : Direction.SELL;
                some.add(new LedgerEntry.Prediction(id, Instant.ofEpochMilli(millis),
                        Instant.ofEpochMilli(millis - 50), symbol, variant.model(),
                        new LedgerEntry.Arm(experiment.id(), variant.name(), symbol), false,
                        new LedgerEntry.Answer(direction, random.nextFloat(), null, Map.of()), 1_000_000 + random.nextInt(1_000_000)));
                if (shadowed) {
                    some.add(new LedgerEntry.Shadow(id, new LedgerEntry.Arm(experiment.id(), "shade", symbol),
                            new LedgerEntry.Answer(direction, random.nextFloat(), null, Map.of()), 2_000_000));
                }
                what.add(new Outcome(id, 0.01 * random.nextGaussian(), Instant.ofEpochMilli(millis + 60_000), 0.0005));
            }
            entries.write(some);
            outcomes.store(what);
        }
    }

    private static Experiment experiment(String id, boolean shadowed) {
        return new Experiment(id,
                shadowed
                        ? List.of(Variant.serving("control", new ModelId(id, "1"), 1),
                                Variant.shadow("shade", new ModelId(id, "2")))
                        : List.of(Variant.serving("control", new ModelId(id, "1"), 0.9),
                                Variant.serving("treatment", new ModelId(id, "2"), 0.1)),
                AssignBy.SYMBOL, START, Duration.ofHours(24), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running());
    }

}
