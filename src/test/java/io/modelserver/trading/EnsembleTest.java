package io.modelserver.trading;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.modelserver.consensus.ConsensusRules;
import io.modelserver.contract.Eventually;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.head.Reading;
import io.modelserver.model.ModelId;
import io.modelserver.registry.metadata.Ensemble;
import io.modelserver.registry.metadata.Stage;
import io.modelserver.registry.stage.ChangeResult;
import io.modelserver.registry.store.ChangeAuthor;
import io.modelserver.serving.OutputReader.Voice;
import io.modelserver.serving.Refusal;
import io.modelserver.signal.Consensus;
import io.modelserver.signal.ConsensusType;
import io.modelserver.signal.Direction;
import io.modelserver.signal.MemberAnswer;
import io.modelserver.signal.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An ensemble of the models a, b and c; after each test nobody holds a version of them.
 */
@Timeout(120)
class EnsembleTest {

    private static final ChangeAuthor NOBODY = new ChangeAuthor("test", null);

    private static final String THREE = """
            {"members": [{"model": "b", "weight": 1}, {"model": "c"}, {"model": "a", "stage": "PRODUCTION"}],
             "min_members": %d}""";

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void writeMembers() throws Exception {
        rig = new ServingRig(temp);
        rig.models.writeProduction("a", 2).writeProduction("b", 2).writeProduction("c", 2);
        rig.models.passes("a", "1").answer(0, 0, 10);
        rig.models.passes("b", "1").answer(0, 0, 10);
        rig.models.passes("c", "1").answer(10, 0, 0);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    private void serve(int minMembers) throws Exception {
        rig.models.writeEnsemble(ServedModels.MODEL, "1", THREE.formatted(minMembers)).serve("1");
        forget();
    }

    private void forget() {
        Stream.of("a", "b", "c").forEach((model) -> rig.models.passes(model, "1").forget());
    }

    @Test
    void allMembersAreAskedTheSameAndTheAnswerIsTheEnsembles() throws Exception {
        serve(1);

        PredictionResult.Predicted answer = answer(Requests.of("BTC").numbers(3, 4));

        assertThat(answer.model()).isEqualTo(ServedModels.version("1"));
        assertThat(answer.prediction().direction()).isEqualTo(Direction.BUY);
        Consensus consensus = consensus(answer);
        assertThat(consensus.answers().keySet()).containsExactly("b", "c", "a");
        assertThat(consensus.answers().get("c")).isNotNull()
            .satisfies((said) -> assertThat(said.signal().direction()).isEqualTo(Direction.SELL));
        assertThat(consensus.type()).isEqualTo(ConsensusType.MAJORITY);
        assertThat(consensus.failed()).isEmpty();
        // Inputs are equal only if they hold the very same tensors.
        assertThat(rig.models.passes("a", "1").inputs()).isEqualTo(rig.models.passes("b", "1").inputs()).hasSize(1);
        assertThat(rig.answered).extracting(ServingRig.Answered::version)
            .containsExactly(new ModelId("b", "1"), new ModelId("c", "1"), new ModelId("a", "1"));
        assertThat(rig.ended).containsExactly(answer);
    }

    @Test
    void theTimesAreThoseOfTheSlowestMember() throws Exception {
        serve(1);
        rig.models.passes("b", "1").during(() -> rig.clock.advance(Duration.ofMillis(7)));

        PredictionResult.Predicted answer = answer(Requests.of("BTC"));

        assertThat(answer.queueNanos() + answer.computeNanos()).isBetween(7_000_000L, 14_000_000L);
        assertThat(answer.latencyNanos()).isEqualTo(7_000_000);
    }

    @Test
    void aMemberThatFailsIsLeftOutAndTold() throws Exception {
        serve(2);
        rig.models.passes("a", "1").fail();

        Consensus consensus = consensus(answer(Requests.of("BTC")));

        assertThat(consensus.answers().keySet()).containsExactly("b", "c");
        assertThat(consensus.failed()).containsOnlyKeys("a");
        assertThat(consensus.failed().get("a")).contains("a:1: the model failed on this input");
    }

    @Test
    void aMemberThatAnswersNotANumberHasFailed() throws Exception {
        serve(1);
        rig.models.passes("a", "1").answer(Float.NaN, 0, 0);

        assertThat(consensus(answer(Requests.of("BTC"))).failed().get("a")).contains("not finite");
    }

    @Test
    void oneThatIsLeftAnswersAlone() throws Exception {
        serve(1);
        rig.models.passes("a", "1").fail();
        rig.models.passes("b", "1").fail();

        PredictionResult.Predicted answer = answer(Requests.of("BTC"));

        assertThat(answer.prediction().direction()).isEqualTo(Direction.SELL);
        assertThat(consensus(answer).type()).isEqualTo(ConsensusType.SINGLE);
    }

    @Test
    void aMemberThatIsLateIsLeftOut() throws Exception {
        serve(1);
        rig.models.passes("a", "1").holdNext();
        CompletableFuture<PredictionResult> waiting = ServingRig
            .inBackground(() -> rig.predict(Requests.of("BTC").build()));
        rig.models.passes("a", "1").awaitHeld();
        // The two before it have been heard: now it is waited for.
        Eventually.isSo(() -> rig.answered.size() == 2);

        rig.clock.advance(ServingRig.DEADLINE.multipliedBy(96).dividedBy(100));
        rig.models.passes("a", "1").release();

        assertThat(waiting.get()).isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
            assertThat(consensus(answer).answers().keySet()).containsExactly("b", "c");
            assertThat(consensus(answer).failed().get("a")).contains("did not answer within");
        });
    }

    @Test
    void aMemberThatIsMissingIsLeftOut() throws Exception {
        serve(1);
        rig.models.folder().mark("c", "production", "");
        rig.models.registry().stopServing("c");

        assertThat(consensus(answer(Requests.of("BTC"))).failed().get("c")).contains("no version is in PRODUCTION");
    }

    @Test
    void whereTooFewAnswerTheRequestFailsAsTheyDid() throws Exception {
        serve(2);
        rig.models.passes("a", "1").fail();
        rig.models.passes("b", "1").fail();

        PredictionServiceTest.assertRefused(rig.predict(Requests.of("BTC").build()), Refusal.INFERENCE_FAILED,
                "1 of the 3 members of m:1 answered, and it needs 2", "a: ", "b: ");
    }

    @Test
    void whereNoneIsThereTheModelHasNoProduction() throws Exception {
        serve(1);
        Stream.of("a", "b", "c").forEach((model) -> rig.models.registry().stopServing(model));

        PredictionServiceTest.assertRefused(rig.predict(Requests.of("BTC").build()), Refusal.NO_PRODUCTION_MODEL,
                "0 of the 3");
    }

    @Test
    void featuresThatNoMemberTakesAreTheCallersFault() throws Exception {
        serve(1);

        PredictionServiceTest.assertRefused(rig.predict(Requests.of("BTC").numbers(1, 2, 3).build()),
                Refusal.INVALID_FEATURES, "features have 3 numbers");
    }

    @Test
    void aFullQueueOfAMemberLeavesItOut() throws Exception {
        serve(1);
        CompletableFuture<PredictionResult> hanging = hold("a");
        CompletableFuture<List<PredictionResult>> rest = ServingRig.inBackground(() -> rig.service.predictAll(
                Collections.nCopies(ServedModels.QUEUE_CAPACITY, Requests.of("X").model("a").build()),
                ServedModels.QUEUE_CAPACITY, rig.clock.getAsLong()));
        rig.models.awaitFullQueue("a", "1");

        assertThat(consensus(answer(Requests.of("BTC"))).failed().get("a")).contains("too many requests");

        rig.models.passes("a", "1").release();
        hanging.get();
        rest.get();
    }

    private CompletableFuture<PredictionResult> hold(String model) {
        rig.models.passes(model, "1").holdNext();
        CompletableFuture<PredictionResult> result = ServingRig
            .inBackground(() -> rig.predict(Requests.of("X").model(model).build()));
        rig.models.passes(model, "1").awaitHeld();
        return result;
    }

    @Test
    void theNextVersionOfAMemberAnswersAtOnce() throws Exception {
        serve(1);
        rig.models.write("c", "2", 2);
        rig.models.passes("c", "2").answer(0, 0, 10);

        rig.models.lifecycle().changeStage(new ModelId("c", "2"), Stage.PRODUCTION, NOBODY);

        Consensus consensus = consensus(answer(Requests.of("BTC")));
        assertThat(consensus.answers().values()).extracting(MemberAnswer::version).contains(new ModelId("c", "2"));
        assertThat(consensus.type()).isEqualTo(ConsensusType.UNANIMOUS);
    }

    @Test
    void aMemberThatIsAVersionStaysWhateverIsPromoted() throws Exception {
        rig.models.write("c", "2", 2);
        rig.models
            .writeEnsemble(ServedModels.MODEL, "1",
                    "{\"members\": [{\"model\": \"a\"}, {\"model\": \"c\", \"version\": \"1\"}]}")
            .serve("1");

        rig.models.lifecycle().changeStage(new ModelId("c", "2"), Stage.PRODUCTION, NOBODY);

        assertThat(consensus(answer(Requests.of("BTC"))).answers().values()).extracting(MemberAnswer::version)
            .containsExactly(new ModelId("a", "1"), new ModelId("c", "1"));
    }

    @Test
    void twoVersionsOfOneModelHaveNamesOfTheirOwn() throws Exception {
        rig.models.write("c", "2", 2);
        rig.models
            .writeEnsemble(ServedModels.MODEL, "1",
                    "{\"members\": [{\"model\": \"c\"}, {\"model\": \"c\", \"version\": \"2\"}]}")
            .serve("1");

        assertThat(consensus(answer(Requests.of("BTC"))).answers().keySet()).containsExactly("c:production", "c:2");
    }

    @Test
    void anEnsembleMayBeAMember() throws Exception {
        rig.models.writeEnsemble("inner", "1", "{\"members\": [{\"model\": \"a\"}, {\"model\": \"b\"}]}");
        rig.models.folder().mark("inner", "production", "1");
        rig.models.writeEnsemble(ServedModels.MODEL, "1", "{\"members\": [{\"model\": \"inner\"}, {\"model\": \"c\"}]}")
            .serve("1");

        Consensus consensus = consensus(answer(Requests.of("BTC")));

        assertThat(consensus.answers().keySet()).containsExactly("inner", "c");
        assertThat(Objects.requireNonNull(consensus.answers().get("inner")).signal().consensus()).isNotNull()
            .satisfies((inner) -> assertThat(inner.answers().keySet()).containsExactly("a", "b"));
    }

    @Test
    void inABatchEachRequestIsAnsweredByItself() throws Exception {
        serve(3);
        rig.models.passes("a", "1").failOn((input) -> input.tensors().getFirst().values()[0] == 13);

        List<PredictionResult> results = rig.service.predictAll(List.of(Requests.of("A").numbers(1, 0).build(),
                Requests.of("B").numbers(13, 0).build(), Requests.of("C").numbers(2, 0).build()), 3,
                rig.clock.getAsLong());

        assertThat(results.get(0)).isInstanceOf(PredictionResult.Predicted.class);
        PredictionServiceTest.assertRefused(results.get(1), Refusal.INFERENCE_FAILED, "2 of the 3");
        assertThat(results.get(2)).isInstanceOf(PredictionResult.Predicted.class);
    }

    @Test
    void ensemblesAreComparedByAnExperiment() throws Exception {
        serve(1);
        rig.models.writeEnsemble(ServedModels.MODEL, "2", THREE.formatted(1).replace("\"c\"", "\"d\""));
        rig.models.writeProduction("d", 2).lifecycle().loadProduction();
        rig.models.load("2");
        Experiment experiment = Trials.split("e", "1", "2");
        rig.run(experiment);

        PredictionResult treated = rig.predict(Requests.of(Trials.unitOf(experiment, "treatment")).build());
        PredictionResult controlled = rig.predict(Requests.of(Trials.unitOf(experiment, "control")).build());

        FailOverTest.assertAnswered(treated, "2", "treatment", false);
        FailOverTest.assertAnswered(controlled, "1", "control", false);
        assertThat(consensus((PredictionResult.Predicted) treated).answers()).containsKey("d");
    }

    @Test
    void whereAnEnsembleFailsControlAnswers() throws Exception {
        serve(1);
        rig.models.writeEnsemble(ServedModels.MODEL, "2", THREE.formatted(3)).load("2");
        rig.models.write("3", 2).load("3");
        rig.models.passes("a", "1").fail();
        Experiment ensembles = Trials.split("e", "1", "2");
        rig.run(ensembles);

        FailOverTest.assertAnswered(rig.predict(Requests.of(Trials.unitOf(ensembles, "treatment")).build()), "1",
                "treatment", true);

        Experiment againstAFile = Trials.split("f", "3", "2");
        rig.run(againstAFile);
        FailOverTest.assertAnswered(rig.predict(Requests.of(Trials.unitOf(againstAFile, "treatment")).build()), "3",
                "treatment", true);

        Experiment ofAFile = Trials.split("g", "1", "3");
        rig.run(ofAFile);
        rig.models.passes("3").fail();
        FailOverTest.assertAnswered(rig.predict(Requests.of(Trials.unitOf(ofAFile, "treatment")).build()), "1",
                "treatment", true);
    }

    @Test
    void anEnsembleThatFailsWithNobodyBehindItHasFailed() throws Exception {
        serve(3);
        rig.models.write("2", 2).load("2");
        Experiment experiment = Trials.split("e", "1", "2");
        rig.run(experiment);
        rig.models.passes("a", "1").fail();

        assertThat(rig.predict(Requests.of(Trials.unitOf(experiment, "control")).build()))
            .isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
                assertThat(refused.reason()).isEqualTo(Refusal.INFERENCE_FAILED);
                assertThat(refused.failure()).isNotNull();
            });
    }

    @Test
    void anEnsembleMayBeAShadowAndHaveShadows() throws Exception {
        serve(1);
        rig.models.writeEnsemble(ServedModels.MODEL, "2", THREE.formatted(3)).load("2");
        rig.models.write("3", 2).load("3");
        rig.run(Trials.shadowed("e", "1", "2", "3"));
        rig.startShadows(rig.shadows);

        PredictionResult.Predicted answer = answer(Requests.of("BTC").numbers(3, 4));

        for (int i = 0; i < 2; i++) {
            var copy = rig.shadowed.nextAnswer();
            assertThat(copy.predictionId()).isEqualTo(answer.predictionId());
            assertThat(copy.answer()).isNotNull();
        }
        assertThat(rig.models.passes("3").inputs()).isEqualTo(rig.models.passes("a", "1").inputs().subList(0, 1));
    }

    @Test
    void aShadowWhoseMembersFailHasSaidNothing() throws Exception {
        rig.models.write("1", 2).serve("1");
        rig.models.writeEnsemble(ServedModels.MODEL, "2", THREE.formatted(3)).load("2");
        rig.models.passes("a", "1").fail();
        rig.run(Trials.shadowed("e", "1", "2"));
        rig.startShadows(rig.shadows);

        answer(Requests.of("BTC"));

        assertThat(rig.shadowed.nextAnswer().answer()).isNull();
    }

    @Test
    void aMemberWithoutADirectionHasNoVote() {
        Ensemble.Member one = new Ensemble.Member("one", "one", null, Stage.PRODUCTION, 1);
        Ensemble.Member other = new Ensemble.Member("other", "other", null, Stage.PRODUCTION, 1);
        Signal silent = new Signal(null, null, 0.01f, null, Map.of());
        Signal buy = new Signal(Direction.BUY, 0.6f, null, null, Map.of());
        List<Voice<Signal>> voices = List.of(new Voice<>(one, new ModelId("one", "1"), silent),
                new Voice<>(other, new ModelId("other", "1"), buy));

        Reading<Signal> answer = new SignalReader().join(new Ensemble(List.of(one, other), ConsensusRules.DEFAULT, 1),
                voices, Map.of());
        Reading<Signal> none = new SignalReader().join(new Ensemble(List.of(one, other), ConsensusRules.DEFAULT, 2),
                voices, Map.of());

        assertThat(answer).isInstanceOfSatisfying(Reading.Read.class,
                (read) -> assertThat(((Signal) read.answer()).consensus()).isNotNull()
                    .satisfies((consensus) -> assertThat(consensus.failed()).containsOnlyKeys("one")));
        assertThat(none).isInstanceOfSatisfying(Reading.Unreadable.class,
                (unreadable) -> assertThat(unreadable.reason()).contains("1 of its members gave a direction"));
    }

    @Test
    void aMemberOfALiveEnsembleCannotBeArchived() throws Exception {
        serve(1);
        rig.models.write("a", "2", 2);

        assertThat(rig.models.lifecycle().changeStage(new ModelId("a", "1"), Stage.ARCHIVED, NOBODY))
            .isInstanceOfSatisfying(ChangeResult.Conflict.class,
                    (conflict) -> assertThat(conflict.reason()).contains("a:1 is a member of m:1"));
        assertThat(rig.models.lifecycle().changeStage(new ModelId("a", "2"), Stage.ARCHIVED, NOBODY))
            .isInstanceOf(ChangeResult.Done.class);
    }

    private PredictionResult.Predicted answer(Requests request) throws InterruptedException {
        PredictionResult result = rig.predict(request.build());
        assertThat(result).isInstanceOf(PredictionResult.Predicted.class);
        return (PredictionResult.Predicted) result;
    }

    private static Consensus consensus(PredictionResult.Predicted answer) {
        Consensus consensus = answer.prediction().consensus();
        assertThat(consensus).isNotNull();
        return consensus;
    }

}
