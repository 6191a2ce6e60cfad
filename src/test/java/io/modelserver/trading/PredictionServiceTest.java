package io.modelserver.trading;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.modelserver.contract.Eventually;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.serving.Refusal;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Without experiments; after each test nobody holds a version. */
@Timeout(120)
class PredictionServiceTest {

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void serve() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 2).serve("1");
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void aRequestIsAnsweredByTheVersionInProduction() throws Exception {
        rig.models.passes("1").answer(0, 0, 10);

        PredictionResult result = rig.predict(Requests.of("BTC").numbers(1, 2).build());

        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
            assertThat(answer.predictionId()).isEqualTo("p1");
            assertThat(answer.symbol()).isEqualTo("BTC");
            assertThat(answer.model()).isEqualTo(ServedModels.version("1"));
            assertThat(answer.prediction().direction()).isEqualTo(Direction.BUY);
            assertThat(answer.prediction().confidence()).isEqualTo(0.5f);
            assertThat(answer.window()).isNull();
            assertThat(answer.assignment()).isNull();
            assertThat(answer.failedOver()).isFalse();
        });
        assertThat(rig.models.passes("1").inputs()).singleElement()
            .satisfies((input) -> assertThat(input.tensors().getFirst().values()).containsExactly(1, 2));
    }

    @Test
    void theTimeOfAnAnswerIsCountedFromTheArrivalOfItsRequest() throws Exception {
        rig.models.passes("1").during(() -> rig.clock.advance(Duration.ofMillis(5)));
        long arrival = rig.clock.getAsLong() - Duration.ofMillis(3).toNanos();

        PredictionResult result = rig.service.predict(Requests.of("BTC").build(), arrival);

        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
            assertThat(answer.computeNanos()).isEqualTo(5_000_000);
            assertThat(answer.queueNanos()).isZero();
            assertThat(answer.decodeNanos()).isZero();
            assertThat(answer.latencyNanos()).isEqualTo(8_000_000);
        });
    }

    @Test
    void readingTheRequestIsPartOfItsDecoding() throws Exception {
        PredictionService ticking = rig.service(new AtomicLong(rig.clock.getAsLong())::getAndIncrement);

        PredictionResult result = ticking.predict(Requests.of("BTC").readIn(500).build(), rig.clock.getAsLong());

        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class,
                (answer) -> assertThat(answer.decodeNanos()).isEqualTo(501));
    }

    @Test
    void everyEndIsReportedOnceAndAnswersWithWhatTheyWereMadeOf() throws Exception {
        PredictionResult answer = rig.predict(Requests.of("BTC").build());
        PredictionResult refusal = rig.predict(Requests.of("BTC").numbers(1).build());

        assertThat(rig.ended).containsExactly(answer, refusal);
        assertThat(rig.answered).containsExactly(
                new ServingRig.Answered(ServedModels.version("1"), rig.models.passes("1").inputs().getFirst()));
    }

    @Test
    void aVersionThatFailsOutsideOfExperimentsIsNoVariantsFailure() throws Exception {
        rig.models.passes("1").fail();

        assertRefused(rig.predict(Requests.of("BTC").build()), Refusal.INFERENCE_FAILED, "m:1");
    }

    @Test
    void anAnswerThatIsNotFiniteIsAFailure() throws Exception {
        rig.models.passes("1").answer(Float.NaN, 0, 0);

        assertRefused(rig.predict(Requests.of("BTC").build()), Refusal.INFERENCE_FAILED, "m:1", "direction_logits");
        assertThat(rig.answered).isEmpty();
    }

    @Test
    void aRequestWhoseTimeRunsOutInTheQueueIsNeverComputed() throws Exception {
        CompletableFuture<PredictionResult> first = rig.occupy("1", Requests.of("BTC").numbers(1, 0).build());

        PredictionResult late = rig.predictWithinAMillisecond(Requests.of("BTC").numbers(2, 0).build());
        rig.models.passes("1").release();

        assertRefused(late, Refusal.DEADLINE_EXCEEDED, "600000 ms");
        assertThat(first.get()).isInstanceOf(PredictionResult.Predicted.class);
        assertThat(rig.predict(Requests.of("BTC").numbers(3, 0).build()))
            .isInstanceOf(PredictionResult.Predicted.class);
        assertThat(rig.models.passes("1").firstNumbers()).containsExactly(1f, 3f);
    }

    @Test
    void aRequestThatIsLateWhenItComesIsNotComputed() throws Exception {
        assertRefused(rig.predictAtOnce(Requests.of("BTC").numbers(1, 0).build()), Refusal.DEADLINE_EXCEEDED,
                "600000 ms");

        rig.predict(Requests.of("BTC").numbers(2, 0).build());
        assertThat(rig.models.passes("1").firstNumbers()).containsExactly(2f);
    }

    @Test
    void aRequestWhoseTimeRunsOutWhileItIsComputedIsRefusedThenAndLetsGoOfItsVersion() throws Exception {
        rig.models.passes("1").holdNext();
        rig.beforeStart((number) -> {
            if (number == 2) {
                rig.models.passes("1").awaitHeld();
                rig.clock.advance(ServingRig.DEADLINE);
            }
        });

        List<PredictionResult> results = rig.service.predictAll(
                List.of(Requests.of("A").numbers(1, 0).build(), Requests.of("B").numbers(2, 0).build()), 2,
                rig.clock.getAsLong());

        assertThat(results).hasSize(2)
            .allSatisfy((result) -> assertRefused(result, Refusal.DEADLINE_EXCEEDED, "600000 ms"));
        assertThat(rig.models.passes("1").firstNumbers()).containsExactly(1f);
        rig.models.passes("1").release();
        assertThat(rig.answered).isEmpty();
    }

    @Test
    void anAnswerThatIsLateWhenItsLatencyIsMeasuredIsNone() throws Exception {
        PredictionService stopped = rig.service(() -> rig.clock.getAsLong() + ServingRig.DEADLINE.toNanos() + 1);

        assertRefused(stopped.predict(Requests.of("BTC").build(), rig.clock.getAsLong()), Refusal.DEADLINE_EXCEEDED,
                "600000 ms");
        assertThat(rig.answered).isEmpty();
    }

    @Test
    void anAnswerOfABatchMayHaveWaitedForTheOthers() throws Exception {
        PredictionService slow = rig.service(() -> rig.clock.getAsLong() + ServingRig.DEADLINE.toNanos() + 1);

        assertThat(slow.predictAll(List.of(Requests.of("BTC").build()), 1, rig.clock.getAsLong())).singleElement()
            .isInstanceOf(PredictionResult.Predicted.class);
    }

    @Test
    void aPassThatIsGivenUpIsRefusedAsLate() throws Exception {
        assertRefused(rig.giveUp("1", Requests.of("BTC").build()), Refusal.DEADLINE_EXCEEDED, "m:1", "5000 ms");
        assertThat(rig.predict(Requests.of("BTC").build())).isInstanceOf(PredictionResult.Predicted.class);
    }

    @Test
    void aVersionWhoseInstancesAllHangTakesNoRequests() throws Exception {
        rig.giveUpAll("1", Requests.of("BTC").build());

        assertRefused(rig.predict(Requests.of("BTC").build()), Refusal.OVERLOADED, "m:1", "hang");
    }

    @Test
    void aCallerThatIsInterruptedLetsGoOfItsVersion() throws Exception {
        CompletableFuture<PredictionResult> first = rig.occupy("1", Requests.of("BTC").build());

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> rig.predict(Requests.of("BTC").build()));

        rig.models.passes("1").release();
        assertThat(first.get()).isInstanceOf(PredictionResult.Predicted.class);
        assertThat(rig.ended).hasSize(1);
    }

    @Test
    void aCallerThatIsInterruptedInABatchLetsGoOfAllOfIt() throws Exception {
        CompletableFuture<PredictionResult> first = rig.occupy("1", Requests.of("BTC").build());
        List<PredictionRequest> batch = List.of(Requests.of("A").build(), Requests.of("B").build(),
                Requests.of("C").build());

        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class)
            .isThrownBy(() -> rig.service.predictAll(batch, 3, rig.clock.getAsLong()));

        rig.models.passes("1").release();
        assertThat(first.get()).isInstanceOf(PredictionResult.Predicted.class);
    }

    @Test
    void theResultsOfABatchStandInTheOrderOfItsRequestsAndEachEndsByItself() throws Exception {
        rig.models.passes("1")
            .failOn((input) -> input.tensors().getFirst().values()[0] == 13)
            .answer((input) -> new float[] { 0, 0, input.tensors().getFirst().values()[0] });

        List<PredictionResult> results = rig.service.predictAll(
                List.of(Requests.of("A").numbers(9, 0).build(), Requests.of("B").numbers(13, 0).build(),
                        Requests.of("C").model("unknown").build(), Requests.of("D").numbers(-9, 0).build()),
                4, rig.clock.getAsLong());

        assertPredicted(results.get(0), "A", Direction.BUY);
        assertThat(results.get(1)).isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
            assertThat(refused.symbol()).isEqualTo("B");
            assertThat(refused.reason()).isEqualTo(Refusal.INFERENCE_FAILED);
        });
        assertThat(results.get(2)).isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
            assertThat(refused.symbol()).isEqualTo("C");
            assertThat(refused.reason()).isEqualTo(Refusal.MODEL_NOT_FOUND);
        });
        assertPredicted(results.get(3), "D", Direction.HOLD);
        assertThat(rig.ended).isEqualTo(results);
    }

    @Test
    void ofABatchNoMoreAreStartedAtOnceThanIsSaid() throws Exception {
        List<PredictionRequest> batch = List.of(Requests.of("A").build(), Requests.of("B").build(),
                Requests.of("C").build(), Requests.of("D").build(), Requests.of("E").build());

        List<PredictionResult> results = rig.service.predictAll(batch, 2, rig.clock.getAsLong());

        assertThat(results).hasSize(5).hasOnlyElementsOfType(PredictionResult.Predicted.class);
        assertThat(rig.events).containsExactly("started p1", "started p2", "ended", "ended", "started p3", "started p4",
                "ended", "ended", "started p5", "ended");
    }

    @Test
    void aBatchThatIsLongerThanTheQueueWaitsForItsOwn() throws Exception {
        List<PredictionRequest> batch = Collections.nCopies(3 * ServedModels.QUEUE_CAPACITY, Requests.of("A").build());

        assertThat(rig.service.predictAll(batch, ServedModels.QUEUE_CAPACITY, rig.clock.getAsLong()))
            .hasSize(batch.size())
            .hasOnlyElementsOfType(PredictionResult.Predicted.class);
    }

    @Test
    void whatFindsNoPlaceInTheQueueIsRefusedAndTheRestOfItsBatchAnswered() throws Exception {
        CompletableFuture<PredictionResult> first = rig.occupy("1", Requests.of("BTC").build());
        List<PredictionRequest> batch = Collections.nCopies(ServedModels.QUEUE_CAPACITY + 1, Requests.of("A").build());

        CompletableFuture<List<PredictionResult>> all = ServingRig
            .inBackground(() -> rig.service.predictAll(batch, batch.size(), rig.clock.getAsLong()));
        Eventually.isSo(() -> rig.events.contains("started p6"));
        rig.models.awaitFullQueue("1");
        assertRefused(rig.predict(Requests.of("BTC").build()), Refusal.OVERLOADED, "m:1");
        rig.models.passes("1").release();

        List<PredictionResult> results = all.get();
        assertThat(results.subList(0, ServedModels.QUEUE_CAPACITY))
            .hasOnlyElementsOfType(PredictionResult.Predicted.class);
        assertRefused(results.getLast(), Refusal.OVERLOADED, "m:1");
        assertThat(first.get()).isInstanceOf(PredictionResult.Predicted.class);
    }

    private static void assertPredicted(PredictionResult result, String symbol, Direction direction) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
            assertThat(answer.symbol()).isEqualTo(symbol);
            assertThat(answer.prediction().direction()).isEqualTo(direction);
        });
    }

    static void assertRefused(PredictionResult result, Refusal reason, String... mentioned) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(List.of(mentioned)).allSatisfy((words) -> assertThat(refused.detail()).contains(words));
            assertThat(refused.failure()).isNull();
        });
    }

}
