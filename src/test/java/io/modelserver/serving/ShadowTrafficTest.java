package io.modelserver.serving;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.Results;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.registry.load.ModelLease;
import io.modelserver.serving.ShadowListener.ShadowAnswer;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import io.modelserver.trading.PredictionResult;
import io.modelserver.trading.ServingRig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Control is version 1, its shadow version 2; after each test nobody holds a version.
 */
@Timeout(120)
class ShadowTrafficTest {

    private static final Experiment EXPERIMENT = Trials.shadowed("e", "1", "2");

    private static final Variant SHADOW = EXPERIMENT.shadows().getFirst();

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
        rig.models.passes("2").release();
        rig.close();
    }

    @Test
    void aShadowIsAskedTheSameAsTheVariantThatAnswered() throws Exception {
        rig.startShadows(rig.shadows);
        rig.models.passes("1").answer(10, 0, 0);
        rig.models.passes("2").answer(0, 0, 10);

        PredictionResult.Predicted answer = answer(Requests.of("BTC").numbers(3, 4));

        ShadowAnswer<Signal> copy = rig.shadowed.nextAnswer();
        assertThat(copy.predictionId()).isEqualTo(answer.predictionId());
        assertThat(copy.assignment()).isEqualTo(answer.assignment());
        assertThat(copy.shadow()).isEqualTo(SHADOW);
        assertThat(copy.answer()).isNotNull()
            .satisfies((prediction) -> assertThat(prediction.direction()).isEqualTo(Direction.BUY));
        assertThat(answer.prediction().direction()).isEqualTo(Direction.SELL);
        assertThat(rig.models.passes("2").inputs()).isEqualTo(rig.models.passes("1").inputs()).hasSize(1);
        assertThat(rig.answered).hasSize(1);
    }

    @Test
    void theLatencyOfAShadowIsThatOfTheAnswerWithItsOwnPassInThePlaceOfTheOther() throws Exception {
        rig.models.passes("1").during(() -> rig.clock.advance(Duration.ofMillis(5)));
        rig.models.passes("2").during(() -> rig.clock.advance(Duration.ofMillis(7)));
        rig.service.predict(Requests.of("BTC").build(), rig.clock.getAsLong() - Duration.ofMillis(2).toNanos());

        rig.startShadows(rig.shadows);

        assertThat(rig.shadowed.nextAnswer().latencyNanos()).isEqualTo(Duration.ofMillis(9).toNanos());
    }

    @Test
    void theTimeThatTheAnswerWaitedIsNoneOfItsShadows() throws Exception {
        answer(Requests.of("BTC").version("1"));
        rig.models.passes("2").during(() -> rig.clock.advance(Duration.ofMillis(7)));

        copy(rig.shadows, Results.predicted(Trials.assignment(EXPERIMENT, "control")), "1");

        rig.startShadows(rig.shadows);
        assertThat(rig.shadowed.nextAnswer().latencyNanos()).isEqualTo(Duration.ofMillis(8).toNanos());
    }

    @Test
    void aShadowThatFailsHasSaidNothingAndTheAnswerStands() throws Exception {
        rig.startShadows(rig.shadows);
        rig.models.passes("2").fail();

        answer(Requests.of("BTC"));

        ShadowAnswer<Signal> copy = rig.shadowed.nextAnswer();
        assertThat(copy.answer()).isNull();
        assertThat(copy.shadow()).isEqualTo(SHADOW);
        assertThat(rig.shadowed.dropped()).isZero();
    }

    @Test
    void aShadowThatHangsDelaysNoAnswer() throws Exception {
        rig.startShadows(rig.shadows);
        rig.models.passes("2").holdNext();

        answer(Requests.of("BTC"));
        rig.models.passes("2").awaitHeld();
        for (int i = 0; i < 10; i++) {
            answer(Requests.of("BTC"));
        }

        assertThat(rig.shadowed.answers()).isZero();
        assertThat(rig.shadowed.nextDropped()).isEqualTo(SHADOW);
        rig.models.passes("2").release();
        assertThat(rig.shadowed.nextAnswer().answer()).isNotNull();
    }

    @Test
    void aPassOfAShadowThatIsGivenUpIsItsFailure() throws Exception {
        rig.startShadows(rig.shadows);
        rig.models.passes("2").holdNext();
        answer(Requests.of("BTC"));

        rig.models.giveUpHeldPass("2");

        assertThat(rig.shadowed.nextAnswer()).satisfies((copy) -> {
            assertThat(copy.answer()).isNull();
            assertThat(copy.latencyNanos()).isGreaterThanOrEqualTo(0);
        });
    }

    @Test
    void aCopyThatIsNotComputedInTimeIsTheShadowsFailure() throws Exception {
        // Its patience of 5 s has run out on the batchers' clock when a copy is made.
        ShadowTraffic<Signal> late = rig.shadows(() -> rig.clock.getAsLong() - Duration.ofSeconds(5).toNanos());
        rig.startShadows(late);
        PredictionResult.Predicted answer = answer(Requests.of("BTC"));

        copy(late, answer, "1");

        assertThat(rig.shadowed.nextAnswer().answer()).isNull();
        assertThat(rig.models.passes("2").count()).isZero();
    }

    @Test
    void aCopyIsGivenTimeToBeComputed() throws Exception {
        ShadowTraffic<Signal> punctual = rig.shadows(rig.clock);
        rig.startShadows(punctual);
        PredictionResult.Predicted answer = answer(Requests.of("BTC"));

        copy(punctual, answer, "1");

        assertThat(rig.shadowed.nextAnswer().answer()).isNotNull();
    }

    @Test
    void whatFindsNoPlaceIsDroppedAndReportedAndTheFirstAreKept() throws Exception {
        for (int i = 0; i < ServingRig.SHADOW_QUEUE + 3; i++) {
            answer(Requests.of("BTC").numbers(i, 0));
        }

        assertThat(rig.shadowed.dropped()).isEqualTo(3);
        assertThat(rig.shadowed.nextDropped()).isEqualTo(SHADOW);
        rig.startShadows(rig.shadows);
        assertThat(rig.shadowed.nextAnswer().predictionId()).isEqualTo("p1");
        assertThat(rig.shadowed.nextAnswer().predictionId()).isEqualTo("p2");
        assertThat(rig.models.passes("2").firstNumbers()).containsExactly(0f, 1f);
    }

    @Test
    void aShadowThatIsNotLoadedIsReportedAsDropped() throws Exception {
        rig.models.write("3", 2);
        rig.run(Trials.shadowed("f", "1", "3"));
        rig.startShadows(rig.shadows);

        answer(Requests.of("BTC"));

        assertThat(rig.shadowed.nextDropped().model()).isEqualTo(ServedModels.version("3"));
        assertThat(rig.shadowed.answers()).isZero();
    }

    @Test
    void aShadowThatTakesOtherInputsIsReportedAsDropped() throws Exception {
        rig.models.write("3", 2, 1).load("3");
        rig.run(Trials.shadowed("f", "1", "3"));
        rig.startShadows(rig.shadows);

        answer(Requests.of("BTC"));

        assertThat(rig.shadowed.nextDropped().model()).isEqualTo(ServedModels.version("3"));
        assertThat(rig.models.passes("3").count()).isZero();
    }

    @Test
    void aShadowThatTakesNoRequestsIsReportedAsDropped() throws Exception {
        try (ModelLease lease = rig.models.lease("2")) {
            assertThat(lease.batcher().stop(Duration.ofMinutes(1))).isTrue();
        }
        rig.startShadows(rig.shadows);

        answer(Requests.of("BTC"));

        assertThat(rig.shadowed.nextDropped()).isEqualTo(SHADOW);
    }

    @Test
    void everyShadowGetsACopyAndOneThatFailsTakesNothingFromTheOthers() throws Exception {
        rig.models.write("3", 2).load("3");
        rig.models.passes("2").fail();
        rig.run(Trials.shadowed("f", "1", "2", "3"));
        rig.startShadows(rig.shadows);

        answer(Requests.of("BTC"));

        assertThat(List.of(rig.shadowed.nextAnswer(), rig.shadowed.nextAnswer())).satisfiesExactlyInAnyOrder((copy) -> {
            assertThat(copy.shadow().model()).isEqualTo(ServedModels.version("2"));
            assertThat(copy.answer()).isNull();
        }, (copy) -> {
            assertThat(copy.shadow().model()).isEqualTo(ServedModels.version("3"));
            assertThat(copy.answer()).isNotNull();
        });
    }

    @Test
    void onlyAnswersOfTheExperimentAreCopied() throws Exception {
        answer(Requests.of("BTC").version("1"));
        rig.predict(Requests.of("BTC").numbers(1).build());
        rig.models.passes("1").fail();
        rig.predict(Requests.of("BTC").build());
        rig.models.passes("1").failOn((input) -> false);
        rig.run(Trials.split("f", "1", "2"));
        answer(Requests.of(Trials.unitOf(Trials.split("f", "1", "2"), "control")));
        rig.run(EXPERIMENT);

        PredictionResult.Predicted copied = answer(Requests.of("BTC"));

        rig.startShadows(rig.shadows);
        assertThat(rig.shadowed.nextAnswer().predictionId()).isEqualTo(copied.predictionId());
    }

    @Test
    void shadowsThatAreStoppedWhileOneHangsLetGoOfIt() throws Exception {
        Thread thread = rig.startShadows(rig.shadows);
        rig.models.passes("2").holdNext();
        answer(Requests.of("BTC"));
        rig.models.passes("2").awaitHeld();

        thread.interrupt();
        thread.join();

        assertThat(rig.shadowed.answers()).isZero();
    }

    @Test
    void aStoppedShadowThreadIsReportedToWhoeverRunsIt() throws Exception {
        CompletableFuture<Thread> runner = new CompletableFuture<>();
        CompletableFuture<Object> run = ServingRig.inBackground(() -> {
            runner.complete(Thread.currentThread());
            rig.shadows.run();
            return "ended";
        });

        runner.get().interrupt();

        assertThat(run).failsWithin(Duration.ofMinutes(1))
            .withThrowableThat()
            .withCauseInstanceOf(InterruptedException.class);
    }

    private PredictionResult.Predicted answer(Requests request) throws InterruptedException {
        PredictionResult result = rig.predict(request.build());
        assertThat(result).isInstanceOf(PredictionResult.Predicted.class);
        return (PredictionResult.Predicted) result;
    }

    /** Gives shadows a copy of an answer on a version's last input. */
    private void copy(ShadowTraffic<?> shadows, PredictionResult.Predicted answer, String version) throws Exception {
        try (ModelLease lease = rig.models.lease(version)) {
            shadows.answered(
                    new Reply.Answered<>(answer.predictionId(), answer.prediction(), answer.model(),
                            answer.latencyNanos(), 0, answer.queueNanos(), answer.computeNanos(),
                            Trials.assignment(EXPERIMENT, "control"), answer.failedOver()),
                    rig.models.passes(version).inputs().getLast(), lease.metadata());
        }
    }

}
