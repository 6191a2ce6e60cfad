package io.modelserver.trading;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.serving.Refusal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Requests for what is not there, and for what an experiment has no say in; after each
 * test nobody holds a version.
 */
@Timeout(120)
class UnansweredTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    private static final String TREATED = Trials.unitOf(EXPERIMENT, "treatment");

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 2).write("2", 2).serve("1").load("2");
        rig.run(EXPERIMENT);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void anUnknownModelIsNotFound() throws Exception {
        assertRefused(Requests.of("BTC").model("unknown"), Refusal.MODEL_NOT_FOUND, "'unknown'");
    }

    @Test
    void anUnknownVersionIsNotFound() throws Exception {
        assertRefused(Requests.of("BTC").version("9"), Refusal.VERSION_NOT_FOUND, "'m'", "'9'");
        assertRefused(Requests.of("BTC").version("staging"), Refusal.VERSION_NOT_FOUND, "'m'", "'staging'");
    }

    @Test
    void anExperimentThatDoesNotRunIsNotFound() throws Exception {
        assertRefused(Requests.of("BTC").experiment("f"), Refusal.EXPERIMENT_NOT_FOUND, "'f'");
        rig.clock.advance(Trials.DURATION);
        assertRefused(Requests.of("BTC").experiment("e"), Refusal.EXPERIMENT_NOT_FOUND, "'e'");
    }

    @Test
    void aModelWithoutAVersionInProductionIsNotServed() throws Exception {
        rig.models.write("idle", "1", 2);

        assertRefused(Requests.of("BTC").model("idle"), Refusal.NO_PRODUCTION_MODEL, "'idle'", "PRODUCTION");
    }

    @Test
    void aVersionThatWasRejectedIsNotServed() throws Exception {
        rig.models.folder().version(ServedModels.MODEL, "bad", "broken");

        assertRefused(Requests.of("BTC").version("bad"), Refusal.MODEL_REJECTED, "m:bad", "the engine can't read it");
    }

    @Test
    void aVersionThatIsStillBeingLoadedIsWaitedForUntilTheDeadline() throws Exception {
        rig.models.write("3", 2);
        rig.models.passes("3").holdNext();

        PredictionResult early = rig.predictAtOnce(Requests.of("BTC").version("3").build());
        rig.models.passes("3").awaitHeld();

        PredictionServiceTest.assertRefused(early, Refusal.MODEL_LOADING, "m:3");
        CompletableFuture<PredictionResult> patient = ServingRig
            .inBackground(() -> rig.predict(Requests.of("BTC").version("3").build()));
        rig.models.passes("3").release();
        assertAnsweredBy(patient.get(), "3");
    }

    @Test
    void aCallerThatIsInterruptedWhileAVersionIsLoadedIsToldSoAndTheLoadGoesOn() throws Exception {
        rig.models.write("3", 2);
        rig.models.passes("3").holdNext();
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<PredictionResult> waiting = ServingRig.inBackground(() -> {
            caller.complete(Thread.currentThread());
            return rig.predict(Requests.of("BTC").version("3").build());
        });
        rig.models.passes("3").awaitHeld();

        caller.get().interrupt();

        assertThatThrownBy(waiting::get).isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(InterruptedException.class);
        rig.models.passes("3").release();
        assertAnsweredBy(rig.predict(Requests.of("BTC").version("3").build()), "3");
    }

    @Test
    void featuresThatDoNotFitTheModelAreRefused() throws Exception {
        assertRefused(Requests.of("BTC").numbers(1, 2, 3), Refusal.INVALID_FEATURES, "3 numbers", "[2]");
    }

    @Test
    void anExactVersionIsNeverReplacedByAVariant() throws Exception {
        rig.models.write("3", 2);

        assertDirect(rig.predict(Requests.of(TREATED).version("1").build()), "1");
        assertDirect(rig.predict(Requests.of(TREATED).version("3").build()), "3");
        assertDirect(rig.predict(Requests.of(TREATED).version("1").experiment("e").build()), "1");
    }

    @Test
    void stagingIsNeverReplacedByAVariant() throws Exception {
        rig.models.write("3", 2);
        rig.models.folder().mark(ServedModels.MODEL, "staging", "3");

        assertDirect(rig.predict(Requests.of(TREATED).version("staging").build()), "3");
    }

    @Test
    void anExactVersionThatFailsIsNotAnsweredByControl() throws Exception {
        rig.models.passes("2").fail();

        assertRefused(Requests.of(TREATED).version("2"), Refusal.INFERENCE_FAILED, "m:2");
        assertThat(rig.models.passes("1").count()).isZero();
    }

    @Test
    void anExperimentThatRanItsTimeHasNoSay() throws Exception {
        rig.clock.advance(Trials.DURATION);

        assertDirect(rig.predict(Requests.of(TREATED).build()), "1");
    }

    private void assertRefused(Requests request, Refusal reason, String... mentioned) throws InterruptedException {
        int before = rig.ended.size();

        PredictionResult result = rig.predict(request.build());

        PredictionServiceTest.assertRefused(result, reason, mentioned);
        assertThat(((PredictionResult.Refused) result).symbol()).isEqualTo(request.build().symbol());
        assertThat(rig.ended.subList(before, rig.ended.size())).containsExactly(result);
        assertThat(rig.answered).isEmpty();
    }

    private static void assertDirect(PredictionResult result, String version) {
        assertAnsweredBy(result, version);
        assertThat(((PredictionResult.Predicted) result).assignment()).isNull();
    }

    private static void assertAnsweredBy(PredictionResult result, String version) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class,
                (answer) -> assertThat(answer.model()).isEqualTo(ServedModels.version(version)));
    }

}
