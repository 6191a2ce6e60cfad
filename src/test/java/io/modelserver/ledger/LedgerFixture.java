package io.modelserver.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import io.modelserver.experiment.evidence.VariantMetrics;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.TestDatabase;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** A ledger and all that writes to it and reads from it, at a time that stands still. */
final class LedgerFixture implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    static final ModelId OLD = new ModelId("hybrid_cnn_lstm", "20251114_192715");

    static final ModelId NEW = new ModelId("hybrid_cnn_lstm", "20251121_081530");

    static final String EXPERIMENT = "e";

    private static final Duration LONG = Duration.ofMinutes(2);

    private final HikariDataSource source;

    private final LedgerDatabase database;

    private final LedgerWriter writer;

    private final JdbcExperimentStore experiments;

    private final Outcomes outcomes;

    private int serial;

    LedgerFixture(TestDatabase kind, String url) {
        source = kind.open(url);
        database = TestDatabase.ledger(source);
        writer = new LedgerWriter(database, 10_000, Duration.ofMillis(1));
        Thread.ofPlatform().daemon().name("ledger-write").start(writer::run);
        experiments = new JdbcExperimentStore(database, writer, new OutcomeLimits(1));
        outcomes = new Outcomes(database, writer, Clock.fixed(NOW, ZoneOffset.UTC), new OutcomeLimits(1));
    }

    /** Once all is written. */
    LedgerDatabase database() {
        assertThat(writer.awaitWritten(LONG)).isTrue();
        return database;
    }

    /** Once all is written. */
    JdbcExperimentStore experiments() {
        assertThat(writer.awaitWritten(LONG)).isTrue();
        return experiments;
    }

    /** Once all is written. */
    Outcomes outcomes() {
        assertThat(writer.awaitWritten(LONG)).isTrue();
        return outcomes;
    }

    /** Begins one with a shadow. */
    void begin() {
        experiments.insert(new Experiment(EXPERIMENT,
                List.of(Variant.serving("control", OLD, 0.5), Variant.serving("treatment", NEW, 0.5),
                        Variant.shadow("shade", NEW)),
                AssignBy.SYMBOL, NOW, Duration.ofHours(24), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running()));
    }

    UUID id(Instant time) {
        return new UUID((time.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L | ++serial);
    }

    UUID write(@Nullable String variant, String symbol, @Nullable Instant eventTime) {
        UUID id = id(NOW);
        write(id, variant, symbol, eventTime);
        return id;
    }

    void write(UUID id, @Nullable String variant, String symbol, @Nullable Instant eventTime) {
        write(id, variant, symbol, eventTime, Direction.BUY);
    }

    void write(UUID id, @Nullable String variant, String symbol, @Nullable Instant eventTime, Direction direction) {
        add(new LedgerEntry.Prediction(id, NOW, eventTime, symbol, OLD,
                (variant != null) ? new LedgerEntry.Arm(EXPERIMENT, variant, symbol) : null, false,
                new LedgerEntry.Answer(direction, 0.75f, 0.01f, Map.of()), 1_500_000));
    }

    void shadow(UUID id, String unit, Direction direction) {
        add(new LedgerEntry.Shadow(id, new LedgerEntry.Arm(EXPERIMENT, "shade", unit),
                new LedgerEntry.Answer(direction, 0.5f, -0.02f, Map.of()), 3_000_000));
    }

    void add(LedgerEntry entry) {
        writer.add(entry);
    }

    List<LedgerRow> rows(@Nullable String model) {
        List<LedgerRow> rows = new ArrayList<>();
        new PredictionArchive(database()).read(model, null, null, rows::add);
        return rows;
    }

    Analysis analysis() {
        assertThat(writer.awaitWritten(LONG)).isTrue();
        Evidence evidence = new Evidence(experiments.find(EXPERIMENT).orElseThrow(), AnalysisSettings.defaults());
        experiments.read(evidence);
        return Analyst.analyse(evidence, NOW);
    }

    /** What an analysis counts. */
    VariantMetrics metrics(String variant) {
        return analysis().metrics()
            .stream()
            .filter((metrics) -> metrics.variant().equals(variant))
            .findFirst()
            .orElseThrow();
    }

    @Override
    public void close() {
        writer.close();
        source.close();
    }

}
