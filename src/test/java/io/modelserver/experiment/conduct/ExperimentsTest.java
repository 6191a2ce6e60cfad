package io.modelserver.experiment.conduct;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Assignment;
import io.modelserver.experiment.assign.Ending;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.RunningExperiments.AssignableRequest;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.evidence.TrafficFacts;
import io.modelserver.experiment.statistics.Method;
import io.modelserver.model.ModelId;
import io.modelserver.signal.Direction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ExperimentsTest {

    private static final String ID = "e";

    private final FakeStore store = new FakeStore();

    private final FakeVersions versions = new FakeVersions();

    private final FakeClock clock = new FakeClock();

    private final Experiments experiments = new Experiments(store, versions, AnalysisSettings.defaults(),
            (experiment, analysis) -> analysis.method() + ": " + analysis.recommendation(), clock);

    @Test
    void anExperimentAssignsFromItsCreationToItsEnd() throws Exception {
        assertThat(assigned()).isEmpty();

        assertThat(experiments.create(experiment(OnVerdict.REPORT))).isInstanceOf(CreateResult.Created.class);
        assertThat(assigned()).isPresent();
        assertThat(versions.kept).containsExactlyInAnyOrder(Samples.model("v0"), Samples.model("v1"));

        clock.now = Samples.AFTER;
        assertThat(assigned()).isEmpty();
        experiments.refresh();

        assertThat(versions.kept).isEmpty();
        assertThat(experiments.find(ID).orElseThrow().status())
            .isEqualTo(new Status.Ended(Ending.FINISHED, Samples.AFTER, "it ran its time"));
    }

    @Test
    void whatAnotherReplicaBeganAssignsOnlyOnceItsVersionsAreLoaded() throws Exception {
        store.insert(experiment(OnVerdict.REPORT));
        List<Boolean> assignedAtLoading = new ArrayList<>();
        versions.loading = () -> assignedAtLoading.add(assigned().isPresent());

        experiments.refresh();

        assertThat(assignedAtLoading).containsExactly(false);
        assertThat(assigned()).isPresent();
    }

    @Test
    void whatCanNotBePreparedIsNotKept() throws Exception {
        versions.preparation = new ModelVersions.Preparation.Unfit(Samples.model("v1"), "it is broken");
        assertThat(experiments.create(experiment(OnVerdict.REPORT)))
            .isEqualTo(new CreateResult.VersionUnfit(Samples.model("v1"), "it is broken"));
        versions.preparation = new ModelVersions.Preparation.Missing(Samples.model("v1"));
        assertThat(experiments.create(experiment(OnVerdict.REPORT)))
            .isEqualTo(new CreateResult.VersionMissing(Samples.model("v1")));
        versions.preparation = new ModelVersions.Preparation.Incomparable("they differ");
        assertThat(experiments.create(experiment(OnVerdict.REPORT)))
            .isEqualTo(new CreateResult.Incomparable("they differ"));

        assertThat(store.all()).isEmpty();
    }

    @Test
    void anIdIsUsedOnceAlsoAfterItsEnd() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));
        experiments.stop(ID, "enough");

        assertThat(experiments.create(experiment(OnVerdict.REPORT))).isInstanceOf(CreateResult.Exists.class);
    }

    @Test
    void stoppingTwiceKeepsTheFirstReason() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));

        experiments.stop(ID, "enough");
        clock.now = Samples.DURING;
        experiments.stop(ID, "again");

        assertThat(experiments.find(ID).orElseThrow().status())
            .isEqualTo(new Status.Ended(Ending.STOPPED, Samples.START, "enough"));
        assertThat(experiments.stop("none", "why not")).isEmpty();
    }

    @Test
    void whatAnotherReplicaHasBegunOrEndedIsSeenAtTheNextLook() throws Exception {
        store.insert(experiment(OnVerdict.REPORT));
        assertThat(assigned()).isEmpty();
        experiments.refresh();
        assertThat(assigned()).isPresent();

        store.end(ID, new Status.Ended(Ending.STOPPED, Samples.START, "elsewhere"));
        experiments.refresh();
        assertThat(assigned()).isEmpty();
    }

    @Test
    void aBetterTreatmentIsPromotedWhereThatWasAskedFor() throws Exception {
        experiments.create(experiment(OnVerdict.APPLY));
        store.observed = (evidence) -> trade(evidence, 0.5);

        experiments.applyVerdicts();

        assertThat(versions.promoted).containsExactly(Samples.model("v1"));
        assertThat(experiments.find(ID).orElseThrow().status()).isInstanceOfSatisfying(Status.Ended.class, (ended) -> {
            assertThat(ended.how()).isEqualTo(Ending.CONCLUDED);
            assertThat(ended.reason()).startsWith("hybrid_cnn_lstm:v1 was promoted: treatment has a mean return of");
        });
        assertThat(assigned()).isEmpty();
    }

    @Test
    void aPromotionThatFailsIsTriedAgain() throws Exception {
        experiments.create(experiment(OnVerdict.APPLY));
        store.observed = (evidence) -> trade(evidence, 0.5);
        versions.failure = "the disk is full";

        experiments.applyVerdicts();
        assertThat(assigned()).isPresent();

        versions.failure = null;
        experiments.applyVerdicts();
        assertThat(assigned()).isEmpty();
    }

    @Test
    void aWorseTreatmentIsTakenOutAndNothingIsPromoted() throws Exception {
        experiments.create(experiment(OnVerdict.APPLY));
        store.observed = (evidence) -> trade(evidence, -0.5);

        experiments.applyVerdicts();

        assertThat(versions.promoted).isEmpty();
        assertThat(experiments.find(ID).orElseThrow().status()).isInstanceOfSatisfying(Status.Ended.class,
                (ended) -> assertThat(ended.reason()).startsWith("treatment was taken out"));
    }

    @Test
    void aVerdictThatIsOnlyToBeReportedChangesNothing() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));
        store.observed = (evidence) -> trade(evidence, 0.5);

        experiments.applyVerdicts();
        clock.now = Samples.AFTER;
        experiments.refresh();

        assertThat(versions.promoted).isEmpty();
    }

    @Test
    void theVerdictOfTheFinalLookIsAppliedOnceOutcomesAreIn() throws Exception {
        experiments.create(experiment(OnVerdict.APPLY));
        store.observed = (evidence) -> trade(evidence, 0.5);
        clock.now = Samples.FINAL_LOOK.minusMillis(1);

        experiments.refresh();
        experiments.applyVerdicts();
        assertThat(assigned()).isEmpty();
        assertThat(versions.promoted).isEmpty();

        clock.now = Samples.FINAL_LOOK;
        experiments.applyVerdicts();

        assertThat(versions.promoted).containsExactly(Samples.model("v1"));
        assertThat(experiments.find(ID).orElseThrow().status()).isInstanceOfSatisfying(Status.Ended.class, (ended) -> {
            assertThat(ended.how()).isEqualTo(Ending.FINISHED);
            assertThat(ended.at()).isEqualTo(Samples.AFTER);
            assertThat(ended.reason()).endsWith("hybrid_cnn_lstm:v1 was promoted");
        });
        experiments.applyVerdicts();
        assertThat(versions.promoted).hasSize(1);
    }

    @Test
    void theFinalLookIsTakenOnceAndLaterOutcomesChangeNothing() throws Exception {
        Experiment experiment = experiment(OnVerdict.REPORT);
        experiments.create(experiment);
        store.observed = (evidence) -> trade(evidence, 0.5);
        clock.now = Samples.AFTER;
        experiments.refresh();

        assertThat(look()).isInstanceOfSatisfying(Look.Passing.class, (look) -> {
            assertThat(look.analysis().method()).isEqualTo(Method.CONFIDENCE_SEQUENCE);
            assertThat(look.analysis().timing().finalLookAt()).isEqualTo(Samples.FINAL_LOOK);
        });
        clock.now = Samples.FINAL_LOOK;
        experiments.applyVerdicts();
        store.observed = (evidence) -> trade(evidence, -0.5);

        assertThat(look()).isInstanceOfSatisfying(Look.Final.class,
                (look) -> assertThat(look.analysis().json()).startsWith("WELCH_TEST: ").contains("PROMOTE"));
        clock.now = Samples.FINAL_LOOK.plusSeconds(1_000_000);
        experiments.applyVerdicts();
        assertThat(look()).isInstanceOfSatisfying(Look.Final.class,
                (look) -> assertThat(look.analysis().frozenAt()).isEqualTo(Samples.FINAL_LOOK));
    }

    @Test
    void theFinalLookWaitsADayForOutcomesThatAreReportedLate() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));
        store.observed = ExperimentsTest::answerOnly;
        clock.now = Samples.FINAL_LOOK;
        experiments.refresh();
        experiments.applyVerdicts();

        assertThat(look()).isInstanceOfSatisfying(Look.Passing.class,
                (look) -> assertThat(look.analysis().timing().finalLookAt())
                    .isEqualTo(Samples.FINAL_LOOK.plus(Duration.ofMinutes(10))));

        store.observed = (evidence) -> trade(evidence, 0.5);
        clock.now = Samples.FINAL_LOOK.plus(Duration.ofHours(8));
        experiments.applyVerdicts();

        assertThat(look()).isInstanceOfSatisfying(Look.Final.class,
                (look) -> assertThat(look.analysis().json()).contains("PROMOTE"));
    }

    @Test
    void aFinalLookThatNobodyReportsForIsTakenAfterADay() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));
        store.observed = ExperimentsTest::answerOnly;
        clock.now = Samples.FINAL_LOOK.plus(Duration.ofDays(1));
        experiments.refresh();

        assertThat(look()).isInstanceOfSatisfying(Look.Final.class,
                (look) -> assertThat(look.analysis().json()).contains("CONTINUE"));
    }

    @Test
    void whoAsksWhenTheFinalLookIsDueTakesIt() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));
        store.observed = (evidence) -> trade(evidence, 0.5);
        clock.now = Samples.FINAL_LOOK;
        experiments.refresh();

        Look first = look();
        store.observed = (evidence) -> trade(evidence, -0.5);

        assertThat(first).isInstanceOf(Look.Final.class);
        assertThat(look()).isEqualTo(first);
    }

    @Test
    void beforeItsVerdictIsAppliedAFinalLookIsNotGivenAway() throws Exception {
        experiments.create(experiment(OnVerdict.APPLY));
        store.observed = (evidence) -> trade(evidence, 0.5);
        clock.now = Samples.FINAL_LOOK;

        assertThat(look()).isInstanceOfSatisfying(Look.Passing.class,
                (look) -> assertThat(look.analysis().method()).isEqualTo(Method.CONFIDENCE_SEQUENCE));
    }

    @Test
    void whatWasStoppedIsKeptTooButJudgedAsAnEarlyLook() throws Exception {
        experiments.create(experiment(OnVerdict.REPORT));
        store.observed = (evidence) -> trade(evidence, 0.5);
        experiments.stop(ID, "enough");
        clock.now = Samples.START.plus(Samples.HORIZON);

        experiments.applyVerdicts();

        assertThat(look()).isInstanceOfSatisfying(Look.Final.class,
                (look) -> assertThat(look.analysis().json()).startsWith("CONFIDENCE_SEQUENCE: "));
    }

    @Test
    void aBetterShadowIsPromoted() throws Exception {
        experiments.create(new Experiment(ID,
                List.of(Variant.serving("control", Samples.model("v0"), 1),
                        Variant.shadow("shade", Samples.model("v1"))),
                AssignBy.SYMBOL, Samples.START, Duration.between(Samples.START, Samples.AFTER), 100, OnVerdict.APPLY,
                Guardrails.none(), new Status.Running(), Samples.HORIZON, null));
        store.observed = (evidence) -> {
            Random random = new Random(1);
            for (int i = 0; i < 400; i++) {
                Observation control = Samples.bought("BTCUSDT" + i, -0.005 + 0.01 * random.nextGaussian());
                Observation shadow = Samples.signal(control.unit(), control.eventMillis(), Direction.SELL,
                        control.result());
                evidence.add("control", control);
                evidence.add("shade", shadow);
                evidence.addPair("shade", control, shadow);
            }
        };

        experiments.applyVerdicts();

        assertThat(versions.promoted).containsExactly(Samples.model("v1"));
        assertThat(experiments.find(ID).orElseThrow().status()).isInstanceOfSatisfying(Status.Ended.class,
                (ended) -> assertThat(ended.reason()).contains("the shadow shade has a mean return of"));
    }

    private Look look() {
        return experiments.look(experiments.find(ID).orElseThrow());
    }

    private Optional<Assignment> assigned() {
        return experiments.running()
            .assign("hybrid_cnn_lstm", new AssignableRequest("BTCUSDT", null, "id"), clock.instant());
    }

    private static Experiment experiment(OnVerdict onVerdict) {
        return new Experiment(ID,
                List.of(Variant.serving("control", Samples.model("v0"), 0.5),
                        Variant.serving("treatment", Samples.model("v1"), 0.5)),
                AssignBy.REQUEST, Samples.START, Duration.between(Samples.START, Samples.AFTER), 100, onVerdict,
                Guardrails.none(), new Status.Running(), Samples.HORIZON, null);
    }

    /** What happened is not known yet. */
    private static void answerOnly(Evidence evidence) {
        for (int i = 0; i < 400; i++) {
            for (String variant : List.of("control", "treatment")) {
                evidence.add(variant, new Observation(variant + i, "BTC", Samples.EVENT_MILLIS, Direction.BUY, 0.9,
                        1_000_000, false, null));
            }
        }
    }

    private static void trade(Evidence evidence, double difference) {
        Random random = new Random(1);
        for (int i = 0; i < 400; i++) {
            evidence.add("control", Samples.bought("c" + i, random.nextGaussian()));
            evidence.add("treatment", Samples.bought("t" + i, difference + random.nextGaussian()));
        }
    }

    private static final class FakeStore implements ExperimentStore {

        private final Map<String, Experiment> experiments = new LinkedHashMap<>();

        private final Map<String, FinalAnalysis> finals = new LinkedHashMap<>();

        private Consumer<Evidence> observed = (evidence) -> {
        };

        @Override
        public Insertion insert(Experiment experiment) {
            return (experiments.putIfAbsent(experiment.id(), experiment) == null) ? Insertion.DONE : Insertion.ID_TAKEN;
        }

        @Override
        public List<Experiment> all() {
            return List.copyOf(experiments.values());
        }

        @Override
        public List<Experiment> running() {
            return experiments.values()
                .stream()
                .filter((experiment) -> experiment.status() instanceof Status.Running)
                .toList();
        }

        @Override
        public Optional<Experiment> find(String id) {
            return Optional.ofNullable(experiments.get(id));
        }

        @Override
        public boolean end(String id, Status.Ended ending) {
            Experiment experiment = experiments.get(id);
            if (experiment == null || !(experiment.status() instanceof Status.Running)) {
                return false;
            }
            experiments.put(id, experiment.ended(ending.how(), ending.at(), ending.reason()));
            return true;
        }

        @Override
        public void read(Evidence evidence) {
            observed.accept(evidence);
        }

        @Override
        public TrafficFacts traffic(String modelName, Instant since) {
            return new TrafficFacts(0, 0, null, null);
        }

        @Override
        public boolean saveFinalAnalysis(String id, FinalAnalysis analysis) {
            return finals.putIfAbsent(id, analysis) == null;
        }

        @Override
        public Optional<FinalAnalysis> findFinalAnalysis(String id) {
            return Optional.ofNullable(finals.get(id));
        }

        @Override
        public List<Experiment> withoutFinalAnalysis() {
            return experiments.values()
                .stream()
                .filter((experiment) -> experiment.status() instanceof Status.Ended)
                .filter((experiment) -> !finals.containsKey(experiment.id()))
                .toList();
        }

    }

    private static final class FakeVersions implements ModelVersions {

        private Preparation preparation = new Preparation.Ready();

        private Set<ModelId> kept = Set.of();

        private Runnable loading = () -> {
        };

        private final List<ModelId> promoted = new ArrayList<>();

        private @Nullable String failure;

        @Override
        public Preparation prepare(List<ModelId> ids) {
            return preparation;
        }

        @Override
        public void keep(Set<ModelId> ids) {
            if (!kept.containsAll(ids)) {
                loading.run();
            }
            kept = ids;
        }

        @Override
        public Optional<String> promote(ModelId version, String experiment, String reason) {
            if (failure == null) {
                promoted.add(version);
            }
            return Optional.ofNullable(failure);
        }

    }

    private static final class FakeClock extends Clock {

        private Instant now = Samples.START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

    }

}
