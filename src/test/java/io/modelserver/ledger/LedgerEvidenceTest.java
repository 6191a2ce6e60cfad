package io.modelserver.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.conduct.FinalAnalysis;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.evidence.TrafficFacts;
import io.modelserver.experiment.evidence.VariantMetrics;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Difference;
import io.modelserver.ledger.store.OutcomeLimits;
import io.modelserver.ledger.store.TestDatabase;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static io.modelserver.ledger.LedgerFixture.NEW;
import static io.modelserver.ledger.LedgerFixture.NOW;
import static io.modelserver.ledger.LedgerFixture.OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** What verdicts are made of, on each database. */
@ParameterizedClass
@EnumSource
class LedgerEvidenceTest {

    private static final Instant EARLIER = Instant.parse("2024-05-06T07:08:09.010Z");

    private final TestDatabase kind;

    @TempDir
    Path folder;

    private LedgerFixture ledger;

    LedgerEvidenceTest(TestDatabase kind) {
        this.kind = kind;
    }

    @BeforeEach
    void open() {
        ledger = new LedgerFixture(kind, kind.url(folder));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void eachRowTellsWhenTheMarketWasSoAndWhatCameOfIt() {
        ledger.begin();
        UUID told = ledger.write("control", "BTCUSDT", EARLIER);
        UUID untold = ledger.write("control", "ETHUSDT", null);
        ledger.write("control", "XRPUSDT", null);
        ledger.outcomes()
            .store(List.of(new Outcome(told, 0.02, EARLIER.plusSeconds(60), 0.001),
                    new Outcome(untold, -0.01, NOW.minusSeconds(1), null)));

        List<Observation> rows = answers("control");

        assertThat(rows).extracting(Observation::symbol).containsExactly("BTCUSDT", "ETHUSDT", "XRPUSDT");
        assertThat(rows).extracting(Observation::eventMillis)
            .containsExactly(EARLIER.toEpochMilli(), NOW.toEpochMilli(), NOW.toEpochMilli());
        assertThat(rows).extracting(Observation::result)
            .containsExactly(new Observation.Result(0.02, 0.001, EARLIER.plusSeconds(60).toEpochMilli()),
                    // Clocks differ: nothing is closed before it was.
                    new Observation.Result(-0.01, 0, null), null);
    }

    @Test
    void whatAShadowSaidMeetsTheOutcomeOfTheSameRequestAcrossPages() {
        ledger.begin();
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 5_010; i++) {
            UUID id = ledger.id(NOW.plusMillis(i));
            ids.add(id);
            ledger.write(id, (i % 2 == 0) ? "control" : "treatment", "S" + i, null);
            if (i % 3 == 0) {
                ledger.shadow(id, "S" + i, Direction.SELL);
            }
        }
        ledger.shadow(ledger.id(NOW.plusMillis(1)), "of no answer", Direction.SELL);
        ledger.outcomes().store(ids.stream().map((id) -> new Outcome(id, 0.01, null, null)).toList());

        assertThat(answers("shade")).hasSize(1_670).allSatisfy((row) -> {
            assertThat(row.symbol()).isEqualTo(row.unit());
            assertThat(row.eventMillis()).isEqualTo(NOW.toEpochMilli() + Integer.parseInt(row.unit().substring(1)));
            assertThat(row.result()).isEqualTo(new Observation.Result(0.01, 0, null));
            assertThat(row.direction()).isEqualTo(Direction.SELL);
        });
        assertThat(ledger.metrics("control").samples()).isEqualTo(2_505);
        assertThat(ledger.metrics("shade").outcomes()).isEqualTo(1_670);
    }

    @Test
    void whereControlHeldAShadowPaysWhatControlPaysOnAverageWhicheverCameFirst() {
        ledger.begin();
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            UUID id = ledger.id(NOW.plusMillis(i));
            ledger.write(id, "control", "S" + i, NOW.minus(Duration.ofHours(40L - i)),
                    (i < 20) ? Direction.HOLD : Direction.BUY);
            ledger.shadow(id, "S" + i, Direction.BUY);
            outcomes.add(new Outcome(id, 0.01 + i * 1e-5, null, (i % 4 == 0) ? 0.004 : null));
        }
        ledger.outcomes().store(outcomes);

        Analysis analysis = ledger.analysis();
        VariantMetrics shade = analysis.metrics().getLast();
        Difference net = analysis.comparisons().getLast().avgReturn();

        assertThat(shade.avgReturn()).isNotNull();
        assertThat(shade.avgReturnGross()).isNotNull();
        assertThat(net).isNotNull();
        assertThat(shade.avgReturnGross() - shade.avgReturn()).isCloseTo(0.001, within(1e-12));
        assertThat(net.treatment()).isCloseTo(shade.avgReturn(), within(1e-12));
    }

    @Test
    void outcomesThatWouldBeRefusedTodayAreUnknownAndTheAnalysisSaysHowMany() {
        ledger.begin();
        double[] returns = { 0.01, 1e6, -1.5, 0.02 };
        for (double actualReturn : returns) {
            UUID id = ledger.write("control", "BTCUSDT", null);
            ledger.outcomes().store(List.of(new Outcome(id, actualReturn, null, null)));
        }
        UUID dear = ledger.write("control", "BTCUSDT", null);
        ledger.outcomes().store(List.of(new Outcome(dear, 0.01, null, 40.0)));

        Analysis analysis = ledger.analysis();

        assertThat(analysis.metrics().getFirst().outcomes()).isEqualTo(2);
        assertThat(analysis.metrics().getFirst().totalPnl()).isCloseTo(0.03, within(1e-12));
        assertThat(analysis.recommendation().reasons())
            .contains("3 outcomes count as unknown: their return or fee is beyond modelserver.experiment.max-return");
    }

    @Test
    void theExportHasWhatShadowsSaidAfterTheAnswerAndKnowsTheirModel() {
        ledger.begin();
        for (int i = 0; i < 1_500; i++) {
            UUID id = ledger.id(NOW.plusMillis(i));
            ledger.write(id, "control", "S", EARLIER);
            ledger.shadow(id, "S", Direction.HOLD);
        }

        List<LedgerRow> rows = ledger.rows(OLD.name());

        assertThat(rows).hasSize(3_000);
        for (int i = 0; i < rows.size(); i += 2) {
            assertThat(rows.get(i + 1).predictionId()).isEqualTo(rows.get(i).predictionId());
            assertThat(rows.get(i).shadow()).isFalse();
        }
        assertThat(rows.get(1)).satisfies((row) -> {
            assertThat(row.shadow()).isTrue();
            assertThat(row.modelVersion()).isEqualTo(NEW.version());
            assertThat(row.variant()).isEqualTo("shade");
            assertThat(row.direction()).isEqualTo("HOLD");
            assertThat(row.expectedReturn()).isEqualTo(-0.02f);
            assertThat(row.eventTime()).isEqualTo(EARLIER);
        });
        assertThat(ledger.rows("other")).isEmpty();
    }

    @Test
    void anOutcomeOfAPositionThatWasClosedBeforeItsPredictionIsFound() {
        UUID live = ledger.write(null, "BTCUSDT", null);
        UUID replayed = ledger.write(null, "BTCUSDT", EARLIER);
        Instant longAgo = EARLIER.minus(Duration.ofDays(1));

        assertThat(tooEarly(live, NOW)).isEmpty();
        assertThat(tooEarly(live, NOW.minusSeconds(200))).as("clocks differ").isEmpty();
        assertThat(tooEarly(live, NOW.minusSeconds(400))).containsExactly(live);
        assertThat(tooEarly(replayed, EARLIER.plusSeconds(1))).isEmpty();
        assertThat(tooEarly(replayed, longAgo)).containsExactly(replayed);
        assertThat(tooEarly(ledger.id(NOW.minus(Duration.ofHours(1))), longAgo)).as("unknown").isEmpty();
    }

    private Set<UUID> tooEarly(UUID id, Instant closedAt) {
        return ledger.outcomes().closedTooEarly(List.of(new Outcome(id, 0, closedAt, null)));
    }

    @Test
    void aRepeatedOutcomeChangesNothingAndIsToldIfItDiffers() {
        UUID id = ledger.write(null, "BTCUSDT", null);
        Outcome first = new Outcome(id, 0.02, NOW, 0.001);
        ledger.outcomes().store(List.of(first));

        for (Outcome same : List.of(first, new Outcome(id, 0.02, null, null))) {
            assertThat(ledger.outcomes().store(List.of(same)).differing()).isEmpty();
        }
        for (Outcome other : List.of(new Outcome(id, 0.03, NOW, 0.001), new Outcome(id, 0.02, NOW, 0.002),
                new Outcome(id, 0.02, NOW.plusSeconds(1), null))) {
            OutcomeReceipt receipt = ledger.outcomes().store(List.of(other));
            assertThat(receipt.repeated()).isEqualTo(1);
            assertThat(receipt.differing()).containsExactly(id);
        }
        assertThat(ledger.rows(null)).singleElement().satisfies((row) -> {
            assertThat(row.actualReturn()).isEqualTo(0.02);
            assertThat(row.fee()).isEqualTo(0.001);
        });
    }

    @Test
    void theFeeOfAnOutcomeThatCameTooSoonIsNotLost() {
        UUID id = ledger.id(NOW);
        assertThat(ledger.outcomes().store(List.of(new Outcome(id, 0.02, NOW, 0.001))).pending()).isEqualTo(1);
        assertThat(ledger.outcomes().store(List.of(new Outcome(id, 0.02, NOW, 0.002))).differing()).containsExactly(id);
        ledger.write(id, null, "BTCUSDT", null);

        ledger.outcomes().claimEarly();

        assertThat(ledger.rows(null)).singleElement().satisfies((row) -> assertThat(row.fee()).isEqualTo(0.001));
    }

    @Test
    void anExperimentKeepsItsHorizonAndItsCosts() {
        Experiment experiment = new Experiment("costly",
                List.of(Variant.serving("control", OLD, 0.5), Variant.serving("treatment", NEW, 0.5)), AssignBy.SYMBOL,
                NOW, Duration.ofHours(1), 100, OnVerdict.REPORT, Guardrails.none(), new Status.Running(),
                Duration.ofMinutes(90), 7.5);
        ledger.experiments().insert(experiment);

        assertThat(ledger.experiments().find("costly")).contains(experiment);
        Status.Ended ending = new Status.Ended(Ending.STOPPED, NOW, "enough");
        ledger.experiments().end("costly", ending);
        assertThat(ledger.experiments().find("costly"))
            .contains(experiment.ended(ending.how(), ending.at(), ending.reason()));
    }

    @Test
    void theFinalAnalysisIsTheFirstThatIsKept() {
        ledger.begin();
        FinalAnalysis first = new FinalAnalysis("{\"a\": \"" + "x".repeat(100_000) + "\"}", NOW);
        assertThat(ledger.experiments().withoutFinalAnalysis()).as("it still runs").isEmpty();
        ledger.experiments().end("e", new Status.Ended(Ending.FINISHED, NOW, "it ran its time"));
        assertThat(ledger.experiments().withoutFinalAnalysis()).extracting(Experiment::id).containsExactly("e");

        assertThat(ledger.experiments().saveFinalAnalysis("e", first)).isTrue();
        assertThat(ledger.experiments().saveFinalAnalysis("e", new FinalAnalysis("{}", NOW.plusSeconds(1)))).isFalse();
        assertThat(ledger.experiments().saveFinalAnalysis("none", first)).isFalse();

        assertThat(ledger.experiments().findFinalAnalysis("e")).contains(first);
        assertThat(ledger.experiments().findFinalAnalysis("none")).isEmpty();
        assertThat(ledger.experiments().withoutFinalAnalysis()).isEmpty();
    }

    @Test
    void theTrafficOfAModelIsCountedSinceAGivenTime() {
        assertThat(ledger.experiments().traffic(OLD.name(), Instant.EPOCH))
            .isEqualTo(new TrafficFacts(0, 0, null, null));
        ledger.write(ledger.id(NOW.minus(Duration.ofDays(2))), null, "LONG AGO", null);
        ledger.write(null, "BTCUSDT", null);
        ledger.write(null, "BTCUSDT", null);
        ledger.write(null, "ETHUSDT", null);

        assertThat(ledger.experiments().traffic(OLD.name(), NOW.minus(Duration.ofDays(1))))
            .isEqualTo(new TrafficFacts(2, 3, NOW, NOW));
        assertThat(ledger.experiments().traffic("other", Instant.EPOCH).predictions()).isZero();
    }

    private List<Observation> answers(String variant) {
        List<Observation> rows = new ArrayList<>();
        Experiment experiment = ledger.experiments().find("e").orElseThrow();
        ledger.database().inTransaction((jdbc) -> {
            EvidenceReader.readOnce(jdbc, experiment, new OutcomeLimits(1), 0, new EvidenceReader.Sink() {

                @Override
                public void add(String name, Observation observation) {
                    if (name.equals(variant)) {
                        rows.add(observation);
                    }
                }

                @Override
                public void addPair(String shadow, Observation ofControl, Observation ofShadow) {
                    assertThat(ofControl.unit()).isEqualTo(ofShadow.unit());
                    assertThat(ofControl.result()).isEqualTo(ofShadow.result());
                }

            });
            return rows.size();
        });
        return rows;
    }

}
