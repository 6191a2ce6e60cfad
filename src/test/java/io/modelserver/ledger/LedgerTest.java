package io.modelserver.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.conduct.ExperimentStore.Insertion;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.VariantMetrics;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.ledger.store.EntryStore;
import io.modelserver.ledger.store.LedgerDatabase;
import io.modelserver.ledger.store.LedgerEntry;
import io.modelserver.ledger.store.LedgerUnavailableException;
import io.modelserver.ledger.store.Opening;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.TestDatabase;
import io.modelserver.model.ModelId;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

/** The ledger on each of its databases. */
@ParameterizedClass
@EnumSource
class LedgerTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    private static final ModelId OLD = new ModelId("hybrid_cnn_lstm", "20251114_192715");

    private static final ModelId NEW = new ModelId("hybrid_cnn_lstm", "20251121_081530");

    private final TestDatabase kind;

    @TempDir
    Path folder;

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);

    private String url;

    private HikariDataSource source;

    private LedgerDatabase database;

    private LedgerWriter writer;

    private JdbcExperimentStore experiments;

    private Outcomes outcomes;

    private int serial;

    LedgerTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        url = kind.url(folder);
        reopen();
    }

    private void reopen() {
        source = kind.open(url);
        database = TestDatabase.ledger(source);
        writer = new LedgerWriter(database, 10_000, Duration.ofMillis(1));
        Thread.ofPlatform().daemon().name("ledger-write").start(writer::run);
        experiments = new JdbcExperimentStore(database, writer, new OutcomeLimits(1));
        outcomes = new Outcomes(database, writer, clock, new OutcomeLimits(1));
    }

    @AfterEach
    void close() {
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();
        writer.close();
        source.close();
    }

    @Test
    void experimentsAreReadAsTheyWereWritten() {
        Experiment plain = experiment("plain", OLD.name());
        Experiment rich = new Experiment("rich",
                List.of(Variant.serving("control", new ModelId("other", "1"), 0.5), Variant.serving("a", OLD, 0.25),
                        Variant.serving("b", NEW, 0.25), Variant.shadow("shade", NEW)),
                AssignBy.KEY, NOW.plusMillis(1), Duration.ofMinutes(90), 250, OnVerdict.APPLY,
                new Guardrails(0.01, 1.5, 2.0), new Status.Running());

        assertThat(experiments.insert(plain)).isEqualTo(Insertion.DONE);
        assertThat(experiments.insert(rich)).isEqualTo(Insertion.DONE);

        assertThat(experiments.all()).containsExactly(rich, plain);
        assertThat(experiments.running()).containsExactly(plain, rich);
        assertThat(experiments.find("rich")).contains(rich);
        assertThat(experiments.find("none")).isEmpty();
    }

    @Test
    void anIdIsTakenForEverAndAModelUntilItsExperimentEnds() {
        experiments.insert(experiment("first", OLD.name()));

        assertThat(experiments.insert(experiment("second", OLD.name()))).isEqualTo(Insertion.MODEL_TAKEN);
        assertThat(experiments.insert(experiment("first", "other"))).isEqualTo(Insertion.ID_TAKEN);

        Status.Ended ending = new Status.Ended(Ending.STOPPED, NOW.plusSeconds(60), "somebody said so");
        assertThat(experiments.end("first", ending)).isTrue();
        assertThat(experiments.end("first", new Status.Ended(Ending.FINISHED, NOW, "too late"))).isFalse();
        assertThat(experiments.find("first").orElseThrow().status()).isEqualTo(ending);
        assertThat(experiments.running()).isEmpty();
        assertThat(experiments.insert(experiment("first", OLD.name()))).isEqualTo(Insertion.ID_TAKEN);
        assertThat(experiments.insert(experiment("second", OLD.name()))).isEqualTo(Insertion.DONE);
    }

    @Test
    void anAnalysisIsMadeOfWhatWasWrittenAlsoAfterARestart() {
        experiments.insert(experiment("e", OLD.name()));
        UUID buy = write("control", "BTCUSDT", Direction.BUY, false);
        UUID sell = write("control", "ETHUSDT", Direction.SELL, false);
        UUID failedOver = write("treatment", "XRPUSDT", Direction.HOLD, true);
        UUID hold = write("treatment", "XRPUSDT", Direction.HOLD, false);
        outcomes.store(List.of(outcome(buy, 0.02), outcome(sell, 0.01), outcome(failedOver, 0.5), outcome(hold, 0)));
        close();
        reopen();

        Analysis analysis = analyse("e");

        VariantMetrics control = analysis.metrics().getFirst();
        VariantMetrics treatment = analysis.metrics().getLast();
        assertThat(control.samples()).isEqualTo(2);
        assertThat(control.units()).isEqualTo(2);
        assertThat(control.outcomes()).isEqualTo(2);
        assertThat(control.accuracy()).isEqualTo(0.5);
        assertThat(control.totalPnl()).isCloseTo(0.01, within(1e-12));
        assertThat(control.avgLatencyMillis()).isCloseTo(1.5, within(1e-9));
        assertThat(treatment.samples()).isEqualTo(2);
        assertThat(treatment.units()).isEqualTo(1);
        assertThat(treatment.outcomes()).isEqualTo(1);
        assertThat(treatment.errorRate()).isEqualTo(0.5);
    }

    @Test
    void aFailureThatNobodyAnsweredHasNoDirection() {
        experiments.insert(experiment("e", OLD.name()));
        writer.add(new LedgerEntry.Prediction(id(NOW), NOW, null, "BTCUSDT", OLD,
                new LedgerEntry.Arm("e", "control", "BTCUSDT"), true, null, 2_000_000));

        assertThat(analyse("e").metrics().getFirst().errorRate()).isEqualTo(1);
        assertThat(rows(null, null, null)).singleElement().satisfies((row) -> {
            assertThat(row.failed()).isTrue();
            assertThat(row.direction()).isNull();
            assertThat(row.confidence()).isNull();
        });
    }

    @Test
    void theFirstOutcomeOfAPredictionStays() {
        UUID id = write(null, "BTCUSDT", Direction.BUY, false);

        assertThat(outcomes.store(List.of(outcome(id, 0.02), outcome(id, 0.5))))
            .isEqualTo(new OutcomeReceipt(1, 0, 1, List.of(), List.of(id)));
        assertThat(outcomes.store(List.of(outcome(id, 0.03))))
            .isEqualTo(new OutcomeReceipt(0, 0, 1, List.of(), List.of(id)));

        assertThat(rows(null, null, null)).singleElement()
            .satisfies((row) -> assertThat(row.actualReturn()).isEqualTo(0.02));
    }

    @Test
    void anOutcomeThatComesBeforeItsPredictionWaitsForIt() {
        UUID early = id(NOW.minusSeconds(5));

        assertThat(outcomes.store(List.of(outcome(early, 0.02))))
            .isEqualTo(new OutcomeReceipt(0, 1, 0, List.of(), List.of()));
        assertThat(outcomes.store(List.of(outcome(early, 0.03))))
            .isEqualTo(new OutcomeReceipt(0, 0, 1, List.of(), List.of(early)));
        outcomes.claimEarly();
        add(early, null, "BTCUSDT", Direction.BUY, false);
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();
        outcomes.claimEarly();

        assertThat(rows(null, null, null)).singleElement()
            .satisfies((row) -> assertThat(row.actualReturn()).isEqualTo(0.02));
        assertThat(outcomes.store(List.of(outcome(early, 0.04))))
            .isEqualTo(new OutcomeReceipt(0, 0, 1, List.of(), List.of(early)));
    }

    @Test
    void anOutcomeOfAPredictionThatIsTooOldToComeYetIsUnknown() {
        UUID unknown = id(NOW.minus(Duration.ofHours(1)));
        UUID known = write(null, "BTCUSDT", Direction.BUY, false);

        assertThat(outcomes.store(List.of(outcome(unknown, 0.02), outcome(known, 0.01))))
            .isEqualTo(new OutcomeReceipt(1, 0, 0, List.of(unknown), List.of()));
    }

    @Test
    void aShadowIsHeldAgainstControlAndScoredByTheOutcomeOfTheAnswer() {
        experiments.insert(new Experiment("e",
                List.of(Variant.serving("control", OLD, 1), Variant.shadow("shade", NEW)), AssignBy.SYMBOL, NOW,
                Duration.ofHours(1), 100, OnVerdict.REPORT, Guardrails.none(), new Status.Running()));
        UUID agreed = write("control", "BTCUSDT", Direction.BUY, false);
        UUID differed = write("control", "ETHUSDT", Direction.BUY, false);
        shadow(agreed, "BTCUSDT", Direction.BUY);
        shadow(differed, "ETHUSDT", Direction.SELL);
        outcomes.store(List.of(outcome(agreed, 0.02), outcome(differed, -0.02)));

        Analysis analysis = analyse("e");

        assertThat(analysis.shadows()).singleElement().satisfies((shadow) -> {
            assertThat(shadow.pairs()).isEqualTo(2);
            assertThat(shadow.agreementRate()).isEqualTo(0.5);
            assertThat(shadow.confidenceDifference()).isCloseTo(-0.25, within(1e-6));
            assertThat(shadow.avgLatencyMillis()).isCloseTo(3, within(1e-9));
        });
        assertThat(analysis.metrics().getLast().accuracy()).isEqualTo(1);
        assertThat(analysis.metrics().getFirst().accuracy()).isEqualTo(0.5);
    }

    @Test
    void predictionsAreHandedOutInOrderByModelAndTime() {
        for (int i = 0; i < 2_500; i++) {
            add(id(NOW.plusSeconds(i)), null, "BTCUSDT", Direction.HOLD, false);
        }
        writer.add(new LedgerEntry.Prediction(id(NOW.plusMillis(1_500)), NOW, null, "A", new ModelId("other", "1"),
                null, false, new LedgerEntry.Answer(Direction.BUY, 0.9f, 0.012f, Map.of()), 1_000_000));
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();

        assertThat(rows(null, null, null)).hasSize(2_501)
            .isSortedAccordingTo((a, b) -> a.predictionId().toString().compareTo(b.predictionId().toString()));
        assertThat(rows("other", null, null)).singleElement().satisfies((row) -> {
            assertThat(row.expectedReturn()).isEqualTo(0.012f);
            assertThat(row.symbol()).isEqualTo("A");
            assertThat(row.experimentId()).isNull();
        });
        assertThat(rows(OLD.name(), NOW.plusSeconds(10), NOW.plusSeconds(20))).hasSize(10);
        assertThat(rows(null, NOW.plusSeconds(1), NOW.plusSeconds(3))).hasSize(3);
    }

    @Test
    void whatElseAModelReturnedIsKeptByNameWithItsAnswer() {
        experiments.insert(new Experiment("e",
                List.of(Variant.serving("control", OLD, 1), Variant.shadow("shade", NEW)), AssignBy.SYMBOL, NOW,
                Duration.ofHours(1), 100, OnVerdict.REPORT, Guardrails.none(), new Status.Running()));
        UUID id = id(NOW);
        writer.add(new LedgerEntry.Prediction(
                id, NOW, null, "A", OLD, new LedgerEntry.Arm("e", "control", "A"), false, new LedgerEntry.Answer(null,
                        null, null, Map.of("predicted_mae", new Tensor(new int[] { 1 }, new float[] { 0.25f }))),
                1_000_000));
        writer
            .add(new LedgerEntry.Shadow(id, new LedgerEntry.Arm("e", "shade", "A"),
                    new LedgerEntry.Answer(null, null, null,
                            Map.of("bands", new Tensor(new int[] { 2 }, new double[] { 0.5, Double.NaN }))),
                    1_000_000));
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();

        assertThat(rows(null, null, null)).extracting(LedgerRow::outputs)
            .containsExactly("{\"predicted_mae\":0.25}", "{\"bands\":[0.5,null]}");
        assertThat(rows(null, null, null)).extracting(LedgerRow::failed).containsExactly(false, false);
        assertThat(rows(null, null, null)).extracting(LedgerRow::direction).containsOnlyNulls();
    }

    @Test
    void whatElseAModelReturnedGoesWithItsPrediction() {
        UUID old = id(NOW.minus(Duration.ofDays(100)));
        writer.add(new LedgerEntry.Prediction(old, NOW, null, "A", OLD, null, false,
                new LedgerEntry.Answer(null, null, null, Map.of("x", new Tensor(new int[0], new float[] { 1 }))), 1));
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();
        assertThat(count("further_outputs")).isOne();

        new Retention(database, Duration.ofDays(90), clock).apply();

        assertThat(count("further_outputs")).isZero();
    }

    @Test
    void whatIsOldIsDeletedButNotUnderAnExperimentThatIsYoung() {
        Instant old = NOW.minus(Duration.ofDays(100));
        experiments.insert(experiment("e", OLD.name()));
        for (int i = 0; i < 2_100; i++) {
            add(id(old), null, "BTCUSDT", Direction.HOLD, false);
        }
        add(id(old), "control", "ETHUSDT", Direction.HOLD, false);
        UUID young = write(null, "XRPUSDT", Direction.HOLD, false);
        writer.add(new LedgerEntry.Stage(old, OLD, "PROMOTE", "NONE", "PRODUCTION", "local", null));
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();
        Retention retention = new Retention(database, Duration.ofDays(90), clock);

        retention.apply();
        assertThat(rows(null, null, null)).extracting(LedgerRow::symbol).containsExactly("ETHUSDT", "XRPUSDT");

        experiments.end("e", new Status.Ended(Ending.STOPPED, NOW.minus(Duration.ofDays(91)), "long ago"));
        retention.apply();
        assertThat(rows(null, null, null)).extracting(LedgerRow::predictionId).containsExactly(young);
    }

    @Test
    void whatIsWrittenTwiceIsThereOnce() {
        EntryStore store = new EntryStore(database);
        LedgerEntry first = entry(id(NOW), null, "BTCUSDT", Direction.BUY, false);
        LedgerEntry second = entry(id(NOW), null, "ETHUSDT", Direction.BUY, false);

        store.write(List.of(first));
        store.write(List.of(first, second));

        assertThat(rows(null, null, null)).hasSize(2);
    }

    @Test
    void anEntryThatCanNotBeWrittenTakesNoOtherWithIt() {
        EntryStore store = new EntryStore(database);
        LedgerEntry tooLong = entry(id(NOW), null, "S".repeat(257), Direction.BUY, false);
        experiments.insert(experiment("e", OLD.name()));
        LedgerEntry strange = new LedgerEntry.Prediction(id(NOW), NOW, null, "BTCUSDT", OLD,
                new LedgerEntry.Arm("e", "control", "a\0b"), false, null, 1);

        LedgerEntry ofNoExperiment = new LedgerEntry.Prediction(id(NOW), NOW, null, "BTCUSDT", OLD,
                new LedgerEntry.Arm("gone", "control", "a"), false, null, 1);

        store.write(List.of(entry(id(NOW), null, "ETHUSDT", Direction.BUY, false), tooLong, ofNoExperiment, strange));

        assertThat(rows(null, null, null)).extracting(LedgerRow::symbol)
            .containsExactlyInAnyOrder("ETHUSDT", "BTCUSDT");
    }

    @Test
    void anEmbeddedLedgerIsNotWrittenToWhileItsDiskIsAlmostFull() {
        LedgerDatabase full = new LedgerDatabase(source, new Opening(source, false), () -> {
        }, Long.MAX_VALUE);
        assertThat(full.open()).isTrue();
        Outcomes refusing = new Outcomes(full, writer, clock, new OutcomeLimits(1));
        List<Outcome> some = List.of(outcome(id(NOW), 0.01));

        if (kind == TestDatabase.H2) {
            assertThatExceptionOfType(LedgerUnavailableException.class).isThrownBy(() -> refusing.store(some));
            assertThat(full.problem()).hasValueSatisfying((problem) -> assertThat(problem).contains("refused"));
            assertThat(new JdbcExperimentStore(full, writer, new OutcomeLimits(1)).all()).isEmpty();
        }
        else {
            assertThat(refusing.store(some).pending()).isEqualTo(1);
        }
    }

    private Analysis analyse(String id) {
        Evidence evidence = new Evidence(experiments.find(id).orElseThrow(), AnalysisSettings.defaults());
        experiments.read(evidence);
        return Analyst.analyse(evidence, NOW);
    }

    private List<LedgerRow> rows(@Nullable String model, @Nullable Instant from, @Nullable Instant to) {
        List<LedgerRow> rows = new ArrayList<>();
        assertThat(writer.awaitWritten(Duration.ofMinutes(2))).isTrue();
        new PredictionArchive(database).read(model, from, to, rows::add);
        return rows;
    }

    private long count(String table) {
        return database.inTransaction(
                (jdbc) -> Objects.requireNonNull(jdbc.queryForObject("select count(*) from " + table, Long.class)));
    }

    private UUID write(@Nullable String variant, String symbol, Direction direction, boolean failed) {
        UUID id = id(NOW);
        add(id, variant, symbol, direction, failed);
        return id;
    }

    private void add(UUID id, @Nullable String variant, String symbol, Direction direction, boolean failed) {
        writer.add(entry(id, variant, symbol, direction, failed));
    }

    private static LedgerEntry entry(UUID id, @Nullable String variant, String symbol, Direction direction,
            boolean failed) {
        return new LedgerEntry.Prediction(id, NOW, null, symbol, OLD,
                (variant != null) ? new LedgerEntry.Arm("e", variant, symbol) : null, failed,
                new LedgerEntry.Answer(direction, 0.75f, null, Map.of()), 1_500_000);
    }

    private void shadow(UUID id, String unit, Direction direction) {
        writer.add(new LedgerEntry.Shadow(id, new LedgerEntry.Arm("e", "shade", unit),
                new LedgerEntry.Answer(direction, 0.5f, null, Map.of()), 3_000_000));
    }

    private static Outcome outcome(UUID id, double actualReturn) {
        return new Outcome(id, actualReturn, NOW, null);
    }

    private UUID id(Instant time) {
        return new UUID((time.toEpochMilli() << 16) | 0x7000, 0x8000_0000_0000_0000L | ++serial);
    }

    private static Experiment experiment(String id, String model) {
        return new Experiment(id,
                List.of(Variant.serving("control", new ModelId(model, OLD.version()), 0.9),
                        Variant.serving("treatment", NEW, 0.1)),
                AssignBy.SYMBOL, NOW, Duration.ofHours(24), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running());
    }

}
