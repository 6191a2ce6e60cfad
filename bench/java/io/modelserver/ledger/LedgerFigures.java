package io.modelserver.ledger;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import io.modelserver.experiment.Analysis;
import io.modelserver.experiment.AnalysisSettings;
import io.modelserver.experiment.Analyst;
import io.modelserver.experiment.AssignBy;
import io.modelserver.experiment.Evidence;
import io.modelserver.experiment.Experiment;
import io.modelserver.experiment.Guardrails;
import io.modelserver.experiment.OnVerdict;
import io.modelserver.experiment.Status;
import io.modelserver.experiment.Variant;
import io.modelserver.inference.Direction;
import io.modelserver.inference.ModelId;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * Helps {@code bench/ledger}: {@code postgres} runs a PostgreSQL until its input ends,
 * {@code analysis URL USER COUNT} fills a ledger with predictions and outcomes and times
 * how long an analysis of them takes.
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
            time(arguments[1], arguments[2], Integer.parseInt(arguments[3]));
        }
    }

    private static void runPostgres() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            System.out.println("URL " + postgres.getJdbcUrl("postgres", "postgres"));
            while (System.in.read() >= 0) {
                // Until whoever started it has gone.
            }
        }
    }

    private static void time(String url, String user, int count) {
        try (HikariDataSource source = new HikariDataSource()) {
            source.setJdbcUrl(url);
            source.setUsername(user);
            source.setAutoCommit(false);
            LedgerDatabase database = new LedgerDatabase(source, new Opening(source, false), () -> {
            }, 0);
            if (!database.open()) {
                throw new IllegalStateException(database.problem().orElseThrow());
            }
            LedgerWriter writer = new LedgerWriter(database, ROWS_AT_A_TIME, Duration.ofMillis(1));
            JdbcExperimentStore experiments = new JdbcExperimentStore(database, writer);
            Experiment experiment = experiment("figures-" + UUID.randomUUID());
            experiments.insert(experiment);
            long start = System.nanoTime();
            fill(database, experiment, count);
            System.out.printf("filled %s in %.0f s%n", url, (System.nanoTime() - start) / 1e9);
            double[] seconds = new double[ANALYSES];
            for (int i = 0; i < ANALYSES; i++) {
                start = System.nanoTime();
                Evidence evidence = new Evidence(experiment, AnalysisSettings.defaults());
                experiments.read(evidence);
                Analysis analysis = Analyst.analyse(evidence, START);
                seconds[i] = (System.nanoTime() - start) / 1e9;
                System.out.printf("%.2f s, %d and %d samples, heap %d MB of %d%n", seconds[i],
                        analysis.metrics().getFirst().samples(), analysis.metrics().getLast().samples(),
                        (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20,
                        Runtime.getRuntime().maxMemory() >> 20);
            }
            Arrays.sort(seconds);
            System.out.println("MEDIAN " + seconds[ANALYSES / 2]);
        }
    }

    private static void fill(LedgerDatabase database, Experiment experiment, int count) {
        Random random = new Random(1);
        EntryStore entries = new EntryStore(database);
        Outcomes outcomes = new Outcomes(database, new LedgerWriter(database, 1, Duration.ofMillis(1)),
                Clock.systemUTC(), new OutcomeLimits(1));
        for (int done = 0; done < count; done += ROWS_AT_A_TIME) {
            List<LedgerEntry> some = new ArrayList<>();
            List<Outcome> what = new ArrayList<>();
            for (int i = 0; i < ROWS_AT_A_TIME; i++) {
                long millis = START.toEpochMilli() + (done + i) / 5;
                UUID id = new UUID((millis << 16) | 0x7000 | (i & 0xfff), 0x8000_0000_0000_0000L | random.nextInt());
                String symbol = "SYM" + random.nextInt(SYMBOLS);
                Variant variant = (random.nextInt(10) == 0) ? experiment.variants().getLast() : experiment.control();
                Direction direction = random.nextBoolean() ? Direction.BUY : Direction.SELL;
                some.add(new LedgerEntry.Prediction(id, Instant.ofEpochMilli(millis), null, symbol, variant.model(),
                        new LedgerEntry.Arm(experiment.id(), variant.name(), symbol), false,
                        new LedgerEntry.Answer(direction, random.nextFloat(), null), 1_000_000 + random.nextInt(1_000_000)));
                what.add(new Outcome(id, 0.01 * random.nextGaussian(), null, null));
            }
            entries.write(some);
            outcomes.store(what);
        }
    }

    private static Experiment experiment(String id) {
        return new Experiment(id,
                List.of(Variant.serving("control", new ModelId(id, "1"), 0.9),
                        Variant.serving("treatment", new ModelId(id, "2"), 0.1)),
                AssignBy.SYMBOL, START, Duration.ofHours(24), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running());
    }

}
