package io.modelserver.trading;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.model.ModelInput;
import io.modelserver.serving.Refusal;
import io.modelserver.window.WindowCoverage;
import io.modelserver.window.WindowStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Single steps of a model that looks at three: each counts once, whoever answers. Control
 * is version 1, the treatment version 2; after each test nobody holds a version.
 */
@Timeout(120)
class WindowedPredictionTest {

    private static final Experiment EXPERIMENT = Trials.split("e", "1", "2");

    private static final String TREATED = Trials.unitOf(EXPERIMENT, "treatment");

    private static final long MINUTE = 60_000;

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void run() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 3, 1).write("2", 3, 1).serve("1").load("2");
        rig.run(EXPERIMENT);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void stepsAreKeptUntilTheModelSeesAllThatItLooksAt() throws Exception {
        assertThat(step(1)).isEqualTo(new PredictionResult.WindowFilling(TREATED, 1, 3));
        assertThat(step(2)).isEqualTo(new PredictionResult.WindowFilling(TREATED, 2, 3));
        assertThat(step(3)).isInstanceOfSatisfying(PredictionResult.Predicted.class,
                (answer) -> assertThat(answer.window()).isNotNull().extracting(WindowCoverage::filled).isEqualTo(1.0));
        step(4);

        assertThat(seenBy("2")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
        assertThat(rig.ended).hasSize(4);
    }

    @Test
    void aStepThatFailsOverIsInTheWindowOnce() throws Exception {
        rig.models.passes("2").fail();
        step(1);
        step(2);

        FailOverTest.assertAnswered(step(3), "1", "treatment", true);
        FailOverTest.assertAnswered(step(4), "1", "treatment", true);

        assertThat(seenBy("1")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f)).isEqualTo(seenBy("2"));
        assertThat(have()).isEqualTo(3);
    }

    @Test
    void aStepWithoutATimeThatFailsOverIsInTheWindowOnce() throws Exception {
        rig.models.passes("2").fail();
        rig.predict(Requests.of(TREATED).numbers(1).build());
        rig.predict(Requests.of(TREATED).numbers(2).build());

        FailOverTest.assertAnswered(rig.predict(Requests.of(TREATED).numbers(3).build()), "1", "treatment", true);
        FailOverTest.assertAnswered(rig.predict(Requests.of(TREATED).numbers(4).build()), "1", "treatment", true);

        assertThat(seenBy("1")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
    }

    @Test
    void aStepThatIsSentAgainAfterItsAnswerFailedIsInTheWindowOnce() throws Exception {
        step(1);
        step(2);
        rig.models.passes("1").fail();
        rig.models.passes("2").fail();
        assertThat(step(3)).isInstanceOf(PredictionResult.Refused.class);
        rig.models.passes("2").failOn((input) -> false);

        FailOverTest.assertAnswered(step(3), "2", "treatment", false);
        step(4);

        assertThat(seenBy("2")).containsExactly(List.of(1f, 2f, 3f), List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
    }

    @Test
    void aStepThatIsSentAgainAfterItsTimeRanOutIsInTheWindowOnce() throws Exception {
        step(1);
        step(2);
        assertThat(rig.predictAtOnce(request(3))).isInstanceOf(PredictionResult.Refused.class);

        step(3);
        step(4);

        assertThat(seenBy("2")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
    }

    @Test
    void aStepForWhichATreatmentHasNoPlaceIsInTheWindowOnce() throws Exception {
        step(1);
        step(2);
        PredictionRequest whole = Requests.of(TREATED).numbers(7, 8, 9).build();
        CompletableFuture<PredictionResult> first = rig.occupy("2", whole);
        CompletableFuture<List<PredictionResult>> full = ServingRig
            .inBackground(() -> rig.service.predictAll(Collections.nCopies(ServedModels.QUEUE_CAPACITY, whole),
                    ServedModels.QUEUE_CAPACITY, rig.clock.getAsLong()));
        rig.models.awaitFullQueue("2");

        FailOverTest.assertAnswered(step(3), "1", "treatment", true);
        FailOverTest.assertAnswered(step(4), "1", "treatment", true);

        rig.models.passes("2").release();
        first.get();
        full.get();
        assertThat(seenBy("1")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
    }

    @Test
    void aStepThatControlGetsForATreatmentThatIsNotLoadedIsInTheWindowOnce() throws Exception {
        rig.models.write("4", 3, 1);
        Experiment experiment = Trials.split("e", "1", "4");
        rig.run(experiment);
        step(1);
        step(2);
        step(3);

        FailOverTest.assertAnswered(step(4), "1", "treatment", true);

        assertThat(seenBy("1")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
    }

    @Test
    void stepsOfOneBatchAreTakenInInTheirOrder() throws Exception {
        List<PredictionResult> results = rig.service.predictAll(List.of(request(1), request(2), request(3), request(4)),
                4, rig.clock.getAsLong());

        assertThat(results.subList(0, 2)).containsExactly(new PredictionResult.WindowFilling(TREATED, 1, 3),
                new PredictionResult.WindowFilling(TREATED, 2, 3));
        assertThat(results.subList(2, 4)).hasOnlyElementsOfType(PredictionResult.Predicted.class);
        assertThat(seenBy("2")).containsExactly(List.of(1f, 2f, 3f), List.of(2f, 3f, 4f));
    }

    @Test
    void aStepThatIsOlderThanTheLastIsRefusedAndLeftOut() throws Exception {
        step(2);

        PredictionResult stale = step(1);

        assertThat(stale).isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
            assertThat(refused.reason()).isEqualTo(Refusal.STALE_STEP);
            assertThat(refused.detail()).contains(TREATED).contains(String.valueOf(millis(2)));
        });
        assertThat(have()).isEqualTo(1);
    }

    @Test
    void aStepForAnExactVersionIsInTheSameWindow() throws Exception {
        step(1);
        rig.predict(Requests.of(TREATED).numbers(2).at(millis(2)).version("2").build());
        step(3);

        assertThat(seenBy("2")).containsExactly(List.of(1f, 2f, 3f));
    }

    private PredictionResult step(int number) throws InterruptedException {
        return rig.predict(request(number));
    }

    private static PredictionRequest request(int number) {
        return Requests.of(TREATED).numbers(number).at(millis(number)).build();
    }

    private static long millis(int number) {
        return ManualClock.START.toEpochMilli() - 10 * MINUTE + number * MINUTE;
    }

    private int have() {
        return rig.windows.list().stream().mapToInt(WindowStatus::have).sum();
    }

    private List<List<Float>> seenBy(String version) {
        return rig.models.passes(version).inputs().stream().map(WindowedPredictionTest::values).toList();
    }

    private static List<Float> values(ModelInput input) {
        List<Float> values = new ArrayList<>();
        for (float value : input.tensors().getFirst().values()) {
            values.add(value);
        }
        return values;
    }

}
