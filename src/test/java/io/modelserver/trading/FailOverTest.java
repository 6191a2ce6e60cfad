package io.modelserver.trading;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.modelserver.contract.Eventually;
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

/**
 * An experiment whose control is version 1, its treatment version 2, while 3 is in
 * production; after each test nobody holds a version.
 */
@Timeout(120)
class FailOverTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    private static final String TREATED = Trials.unitOf(EXPERIMENT, "treatment");

    private static final String CONTROLLED = Trials.unitOf(EXPERIMENT, "control");

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 2).write("2", 2).write("3", 2).serve("3").load("1", "2");
        rig.run(EXPERIMENT);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void eachUnitIsAnsweredByItsVariant() throws Exception {
        assertAnswered(rig.predict(Requests.of(TREATED).build()), "2", "treatment", false);
        assertAnswered(rig.predict(Requests.of(CONTROLLED).build()), "1", "control", false);
    }

    @Test
    void whereATreatmentFailsControlAnswersOnTheSameInput() throws Exception {
        rig.models.passes("2").fail();

        PredictionResult result = rig.predict(Requests.of(TREATED).build());

        assertAnswered(result, "1", "treatment", true);
        // Inputs are equal only if they hold the very same tensors.
        assertThat(rig.models.passes("1").inputs()).isEqualTo(rig.models.passes("2").inputs()).hasSize(1);
        assertThat(rig.answered).containsExactly(
                new ServingRig.Answered(ServedModels.version("1"), rig.models.passes("1").inputs().getFirst()));
        assertThat(rig.ended).containsExactly(result);
        assertThat(rig.models.passes("3").count()).isZero();
    }

    @Test
    void theTimeThatATreatmentTookToFailIsPartOfTheLatency() throws Exception {
        rig.models.passes("2").fail().during(() -> rig.clock.advance(Duration.ofMillis(5)));
        rig.models.passes("1").during(() -> rig.clock.advance(Duration.ofMillis(2)));

        assertThat(rig.predict(Requests.of(TREATED).build())).isInstanceOfSatisfying(PredictionResult.Predicted.class,
                (answer) -> {
                    assertThat(answer.computeNanos()).isEqualTo(2_000_000);
                    assertThat(answer.latencyNanos()).isEqualTo(7_000_000);
                });
    }

    @Test
    void aTreatmentThatAnswersNotANumberHasFailed() throws Exception {
        rig.models.passes("2").answer(Float.NaN, 0, 0);

        assertAnswered(rig.predict(Requests.of(TREATED).build()), "1", "treatment", true);
    }

    @Test
    void anInputOnWhichControlFailsTooIsNoFaultOfTheVariant() throws Exception {
        rig.models.passes("1").fail();
        rig.models.passes("2").answer(Float.NaN, 0, 0);

        PredictionServiceTest.assertRefused(rig.predict(Requests.of(TREATED).build()), Refusal.INFERENCE_FAILED, "m:2",
                "direction_logits");
        assertThat(rig.models.passes("1").count()).isEqualTo(1);
        assertThat(rig.ended).hasSize(1);
    }

    @Test
    void anInputOnWhichControlDoesNotAnswerInTimeIsNoFaultOfTheVariant() throws Exception {
        Thread caller = Thread.currentThread();
        rig.models.passes("2").fail().during(() -> {
            // The treatment fails just in time; control's answer is too late.
            Eventually.isSo(() -> caller.getState() == Thread.State.TIMED_WAITING);
            rig.clock.advance(ServingRig.DEADLINE.minusMillis(1));
        });
        rig.models.passes("1").during(() -> rig.clock.advance(Duration.ofMillis(1)));

        PredictionServiceTest.assertRefused(rig.predict(Requests.of(TREATED).build()), Refusal.INFERENCE_FAILED, "m:2");
    }

    @Test
    void aControlThatFailsHasNobodyToAnswerForIt() throws Exception {
        rig.models.passes("1").fail().during(() -> rig.clock.advance(Duration.ofMillis(5)));

        assertFailed(rig.predict(Requests.of(CONTROLLED).build()), Refusal.INFERENCE_FAILED, "control",
                Duration.ofMillis(5));
        assertThat(rig.models.passes("2").count()).isZero();
        assertThat(rig.models.passes("3").count()).isZero();
    }

    @Test
    void aTreatmentThatFailsWhileControlIsNotLoadedHasFailed() throws Exception {
        rig.models.write("4", 2);
        Experiment experiment = Trials.split("f", "4", "2");
        rig.run(experiment);
        rig.models.passes("2").fail();

        assertFailed(rig.predict(Requests.of(Trials.unitOf(experiment, "treatment")).build()), Refusal.INFERENCE_FAILED,
                "treatment", Duration.ZERO);
    }

    @Test
    void aTreatmentThatFailsWhileControlTakesOtherInputsHasFailed() throws Exception {
        rig.models.write("4", 3).load("4");
        Experiment experiment = Trials.split("f", "4", "2");
        rig.run(experiment);
        rig.models.passes("2").fail();

        assertFailed(rig.predict(Requests.of(Trials.unitOf(experiment, "treatment")).build()), Refusal.INFERENCE_FAILED,
                "treatment", Duration.ZERO);
        assertThat(rig.models.passes("4").count()).isZero();
    }

    @Test
    void aTreatmentThatIsLateHasFailedAndNobodyElseIsAsked() throws Exception {
        rig.models.passes("2").holdNext();

        PredictionResult late = rig.predictWithinAMillisecond(Requests.of(TREATED).build());

        assertFailed(late, Refusal.DEADLINE_EXCEEDED, "treatment", ServingRig.DEADLINE.minus(Duration.ofMillis(1)));
        assertThat(rig.models.passes("1").count()).isZero();
    }

    @Test
    void whereAPassOfATreatmentIsGivenUpControlAnswers() throws Exception {
        assertAnswered(rig.giveUp("2", Requests.of(TREATED).build()), "1", "treatment", true);
    }

    @Test
    void whereAllInstancesOfATreatmentHangControlAnswers() throws Exception {
        rig.giveUpAll("2", Requests.of(TREATED).build());

        assertAnswered(rig.predict(Requests.of(TREATED).build()), "1", "treatment", true);
    }

    @Test
    void whereATreatmentHasNoPlaceLeftControlAnswers() throws Exception {
        CompletableFuture<List<PredictionResult>> full = fill("2", TREATED);

        assertAnswered(rig.predict(Requests.of(TREATED).build()), "1", "treatment", true);

        rig.models.passes("2").release();
        assertThat(full.get()).allSatisfy((result) -> assertAnswered(result, "2", "treatment", false));
    }

    @Test
    void whereControlHasNoPlaceLeftEitherTheRequestIsRefusedAndNobodyHasFailed() throws Exception {
        CompletableFuture<List<PredictionResult>> treatment = fill("2", TREATED);
        CompletableFuture<List<PredictionResult>> control = fill("1", CONTROLLED);

        PredictionServiceTest.assertRefused(rig.predict(Requests.of(TREATED).build()), Refusal.OVERLOADED, "m:2");

        rig.models.passes("1").release();
        rig.models.passes("2").release();
        treatment.get();
        control.get();
    }

    @Test
    void aTreatmentThatFailsWhileControlHasNoPlaceLeftHasFailed() throws Exception {
        CompletableFuture<List<PredictionResult>> control = fill("1", CONTROLLED);
        rig.models.passes("2").fail();

        assertFailed(rig.predict(Requests.of(TREATED).build()), Refusal.INFERENCE_FAILED, "treatment", Duration.ZERO);

        rig.models.passes("1").release();
        control.get();
    }

    @Test
    void aCallerThatIsInterruptedWhileControlAnswersLetsGoOfBoth() throws Exception {
        rig.models.passes("2").fail();
        rig.models.passes("1").holdNext();
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<PredictionResult> hanging = ServingRig.inBackground(() -> {
            caller.complete(Thread.currentThread());
            return rig.predict(Requests.of(TREATED).build());
        });
        rig.models.passes("1").awaitHeld();

        caller.get().interrupt();

        assertThat(hanging).failsWithin(Duration.ofMinutes(1))
            .withThrowableOfType(ExecutionException.class)
            .withCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void inABatchEveryRequestFailsOverByItself() throws Exception {
        rig.models.passes("2").failOn((input) -> input.tensors().getFirst().values()[0] == 13);

        List<PredictionResult> results = rig.service.predictAll(
                List.of(Requests.of(TREATED).numbers(1, 0).build(), Requests.of(TREATED).numbers(13, 0).build(),
                        Requests.of(CONTROLLED).numbers(2, 0).build(), Requests.of(TREATED).numbers(3, 0).build()),
                4, rig.clock.getAsLong());

        assertAnswered(results.get(0), "2", "treatment", false);
        assertAnswered(results.get(1), "1", "treatment", true);
        assertAnswered(results.get(2), "1", "control", false);
        assertAnswered(results.get(3), "2", "treatment", false);
    }

    /** Has one request of a unit computed, and as many wait as there is place for. */
    private CompletableFuture<List<PredictionResult>> fill(String version, String unit) throws Exception {
        CompletableFuture<PredictionResult> first = rig.occupy(version, Requests.of(unit).build());
        List<PredictionRequest> more = Collections.nCopies(ServedModels.QUEUE_CAPACITY, Requests.of(unit).build());
        CompletableFuture<List<PredictionResult>> rest = ServingRig
            .inBackground(() -> rig.service.predictAll(more, more.size(), rig.clock.getAsLong()));
        rig.models.awaitFullQueue(version);
        return rest.thenCombine(first, (results, result) -> results);
    }

    static void assertAnswered(PredictionResult result, String version, String variant, boolean failedOver) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
            assertThat(answer.model()).isEqualTo(ServedModels.version(version));
            assertThat(answer.assignment()).isNotNull()
                .satisfies((assignment) -> assertThat(assignment.variant().name()).isEqualTo(variant));
            assertThat(answer.failedOver()).isEqualTo(failedOver);
        });
    }

    private void assertFailed(PredictionResult result, Refusal reason, String variant, Duration latency) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.failure()).isNotNull().satisfies((failure) -> {
                assertThat(failure.id())
                    .isEqualTo("p" + rig.events.stream().filter((it) -> it.startsWith("s")).count());
                assertThat(failure.assignment().variant().name()).isEqualTo(variant);
                assertThat(failure.latencyNanos()).isEqualTo(latency.toNanos());
            });
        });
        assertThat(rig.answered).isEmpty();
    }

}
