package io.modelserver.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import com.github.f4b6a3.uuid.UuidCreator;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.MemoryLedger;
import io.modelserver.fixtures.Results;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.ledger.LedgerProperties.Recording;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.registry.store.StageChange;
import io.modelserver.trading.StepTimestamp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class LedgerRecorderTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    private static final Experiment SHADOWED = Trials.of("f", EXPERIMENT.assignBy(),
            Variant.serving("control", new ModelId("other", "1"), 1),
            Variant.shadow("shadow", new ModelId("other", "2")));

    private static final Assignment TREATED = Trials.assignment(EXPERIMENT, "treatment");

    private static final Assignment SHADOWED_CONTROL = Trials.assignment(SHADOWED, "control");

    private static final int CAPACITY = 6;

    private final MemoryLedger ledger = new MemoryLedger(CAPACITY, EXPERIMENT, SHADOWED);

    private final ManualClock clock = new ManualClock();

    private final List<UndatedCause> undated = new ArrayList<>();

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void aTimeThatCountsForNothingIsToldOfWithItsCause() {
        LedgerRecorder recorder = started(Recording.EXPERIMENTS);
        long ahead = ManualClock.START.plus(Duration.ofHours(2)).toEpochMilli();

        recorder.ended(Results.predicted(TREATED));
        recorder.ended(Results.dated(TREATED, ManualClock.START.toEpochMilli()));
        recorder.ended(Results.dated(TREATED, StepTimestamp.UNREADABLE));
        recorder.ended(Results.dated(TREATED, 1_763_148));
        recorder.ended(Results.dated(TREATED, ahead));

        assertThat(undated).containsExactly(UndatedCause.UNREADABLE, UndatedCause.TOO_EARLY, UndatedCause.AHEAD);
        assertThat(ledger.predictions()).hasSize(5);
    }

    @Test
    void anAnswerOfAnExperimentIsWrittenDownWithItsVariant() {
        UUID id = id();
        clock.advance(Duration.ofSeconds(7));

        started(Recording.EXPERIMENTS).ended(Results.predicted(id, ServedModels.version("2"), TREATED, false));

        assertThat(ledger.predictions()).singleElement().satisfies((row) -> {
            assertThat(row.predictionId()).isEqualTo(id);
            assertThat(row.madeAt()).isEqualTo(ManualClock.START.plusSeconds(7));
            assertThat(row.symbol()).isEqualTo("BTC");
            assertVersion(row, "2");
            assertThat(row.experimentId()).isEqualTo("e");
            assertThat(row.variant()).isEqualTo("treatment");
            assertThat(row.unit()).isEqualTo(TREATED.unit());
            assertThat(row.failed()).isFalse();
            assertThat(row.direction()).isEqualTo("BUY");
            assertThat(row.confidence()).isEqualTo(0.75f);
            assertThat(row.expectedReturn()).isEqualTo(0.01f);
            assertThat(row.latencyNanos()).isEqualTo(Results.LATENCY_NANOS);
        });
    }

    @Test
    void anAnswerThatControlGaveForAFailedVariantIsTheVariantsFailure() {
        started(Recording.EXPERIMENTS).ended(Results.predicted(id(), ServedModels.version("1"), TREATED, true));

        assertThat(ledger.predictions()).singleElement().satisfies((row) -> {
            assertVersion(row, "1");
            assertThat(row.variant()).isEqualTo("treatment");
            assertThat(row.failed()).isTrue();
            assertThat(row.direction()).isEqualTo("BUY");
        });
    }

    @Test
    void aVariantThatNobodyAnsweredForIsWrittenDownWithoutAnAnswer() {
        UUID id = id();

        started(Recording.EXPERIMENTS).ended(Results.failed(id, TREATED));

        assertThat(ledger.predictions()).singleElement().satisfies((row) -> {
            assertThat(row.predictionId()).isEqualTo(id);
            assertThat(row.madeAt()).isEqualTo(ManualClock.START);
            assertThat(row.symbol()).isEqualTo("BTC");
            assertVersion(row, "2");
            assertThat(row.experimentId()).isEqualTo("e");
            assertThat(row.variant()).isEqualTo("treatment");
            assertThat(row.unit()).isEqualTo(TREATED.unit());
            assertThat(row.failed()).isTrue();
            assertThat(row.direction()).isNull();
            assertThat(row.confidence()).isNull();
            assertThat(row.expectedReturn()).isNull();
            assertThat(row.latencyNanos()).isEqualTo(Results.LATENCY_NANOS);
        });
    }

    @Test
    void ofAnswersOutsideOfExperimentsNoneIsWrittenDownUnlessAllAre() {
        started(Recording.EXPERIMENTS).ended(Results.predicted(id(), ServedModels.version("1"), null, false));

        assertThat(ledger.predictions()).isEmpty();
    }

    @Test
    void whereAllAreWrittenDownAnswersOutsideOfExperimentsHaveNoVariant() {
        LedgerRecorder recorder = started(Recording.ALL);
        recorder.ended(Results.predicted(id(), ServedModels.version("1"), null, false));
        recorder.ended(Results.predicted(TREATED));

        assertThat(ledger.predictions()).satisfiesExactlyInAnyOrder((row) -> {
            assertVersion(row, "1");
            assertThat(row.experimentId()).isNull();
            assertThat(row.variant()).isNull();
            assertThat(row.unit()).isNull();
            assertThat(row.failed()).isFalse();
            assertThat(row.direction()).isEqualTo("BUY");
        }, (row) -> assertThat(row.variant()).isEqualTo("treatment"));
    }

    @Test
    void whereNoneIsWrittenDownThatGoesForVariantsAndShadowsToo() {
        LedgerRecorder recorder = started(Recording.NONE);
        recorder.ended(Results.predicted(TREATED));
        recorder.ended(Results.predicted(id(), ServedModels.version("1"), null, false));
        recorder.ended(Results.failed(id(), TREATED));
        recorder.shadowed(Results.shadowAnswer(id(), SHADOWED_CONTROL, shadow(), Results.PREDICTION));

        assertThat(ledger.writer().waiting()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void refusalsThatAreNoVariantsFailureAndWindowsThatFillAreNeverWrittenDown(Recording recording) {
        LedgerRecorder recorder = started(recording);
        recorder.ended(Results.refused());
        recorder.ended(Results.filling());

        assertThat(ledger.writer().waiting()).isZero();
        assertThat(ledger.writer().dropped()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = { "EXPERIMENTS", "ALL" })
    void whatAShadowSaidIsWrittenDownBesideTheAnswer(Recording recording) {
        UUID id = id();

        started(recording).shadowed(Results.shadowAnswer(id, SHADOWED_CONTROL, shadow(), Results.PREDICTION));

        assertThat(ledger.predictions()).isEmpty();
        assertThat(ledger.rows("select s.*, v.experiment_id, v.name from shadow_prediction s "
                + "join variant v on v.id = s.variant_id"))
            .singleElement()
            .satisfies((row) -> assertThat(row).contains(entry("prediction_id", id), entry("experiment_id", "f"),
                    entry("name", "shadow"), entry("unit", SHADOWED_CONTROL.unit()), entry("failed", false),
                    entry("direction", "BUY"), entry("confidence", 0.75f),
                    entry("latency_nanos", Results.LATENCY_NANOS)));
    }

    @Test
    void aShadowThatFailedIsWrittenDownWithoutAnAnswer() {
        started(Recording.EXPERIMENTS).shadowed(Results.shadowAnswer(id(), SHADOWED_CONTROL, shadow(), null));

        assertThat(ledger.rows("select * from shadow_prediction")).singleElement()
            .satisfies((row) -> assertThat(row).containsEntry("failed", true)
                .containsEntry("direction", null)
                .containsEntry("confidence", null));
    }

    @Test
    void whatTheServerAsksItselfBeforeItIsReadyIsNotWrittenDown() {
        LedgerRecorder recorder = recorder(Recording.ALL);
        recorder.ended(Results.predicted(TREATED));
        recorder.ended(Results.failed(id(), TREATED));
        recorder.shadowed(Results.shadowAnswer(id(), SHADOWED_CONTROL, shadow(), Results.PREDICTION));
        assertThat(ledger.writer().waiting()).isZero();

        recorder.start();
        recorder.ended(Results.predicted(TREATED));

        assertThat(ledger.writer().waiting()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void changesOfStagesAreAlwaysWrittenDown(Recording recording) {
        recorder(recording).stageChanged(ServedModels.MODEL,
                new StageChange(ManualClock.START, StageChange.Action.PROMOTE, "2", Stage.STAGING, Stage.PRODUCTION,
                        "1", new ChangeAuthor("operator", "a test")));

        assertThat(ledger.rows("select * from stage_change")).singleElement()
            .satisfies((row) -> assertThat(row).contains(entry("model_name", ServedModels.MODEL),
                    entry("model_version", "2"), entry("action", "PROMOTE"), entry("from_stage", "STAGING"),
                    entry("to_stage", "PRODUCTION"), entry("author", "operator"), entry("reason", "a test")));
    }

    @Test
    void whatFindsNoPlaceInTheBufferIsDroppedAndCountedAndNobodyWaits() {
        LedgerRecorder recorder = started(Recording.ALL);
        for (int i = 0; i < CAPACITY - 2; i++) {
            recorder.ended(Results.predicted(TREATED));
        }
        recorder.ended(Results.failed(id(), TREATED));
        recorder.shadowed(Results.shadowAnswer(id(), SHADOWED_CONTROL, shadow(), null));

        recorder.ended(Results.predicted(TREATED));
        recorder.ended(Results.failed(id(), TREATED));
        recorder.shadowed(Results.shadowAnswer(id(), SHADOWED_CONTROL, shadow(), null));

        assertThat(ledger.writer().waiting()).isEqualTo(CAPACITY);
        assertThat(ledger.writer().dropped()).isEqualTo(3);
        assertThat(ledger.predictions()).hasSize(CAPACITY - 1);
        assertThat(ledger.rows("select * from shadow_prediction")).hasSize(1);
    }

    private LedgerRecorder started(Recording recording) {
        LedgerRecorder recorder = recorder(recording);
        recorder.start();
        return recorder;
    }

    private LedgerRecorder recorder(Recording recording) {
        return new LedgerRecorder(ledger.writer(), recording, undated::add, clock.timeOfDay());
    }

    private static Variant shadow() {
        return SHADOWED.shadows().getFirst();
    }

    private static UUID id() {
        return UuidCreator.getTimeOrderedEpochPlus1();
    }

    private static void assertVersion(LedgerRow row, String version) {
        assertThat(row.modelName()).isEqualTo(ServedModels.MODEL);
        assertThat(row.modelVersion()).isEqualTo(version);
    }

}
