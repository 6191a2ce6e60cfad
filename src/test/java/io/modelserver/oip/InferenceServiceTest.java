package io.modelserver.oip;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.fixtures.Trials;
import io.modelserver.oip.tensor.AnswerTensor;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.signal.Direction;
import io.modelserver.trading.PredictionResult;
import io.modelserver.trading.ServingRig;
import io.modelserver.trading.SignalReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** After each test nobody holds a version. */
@Timeout(120)
class InferenceServiceTest {

    private static final int MOST_ROWS = 8;

    @TempDir
    Path temp;

    private final List<PredictionResult> told = new ArrayList<>();

    private ServingRig rig;

    private Statistics statistics;

    private InferenceService service;

    @BeforeEach
    void serve() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 2).write("2", 2).write("windowed", 3, 2).serve("1").load("2", "windowed");
        statistics = new Statistics(rig.clock.timeOfDay());
        service = new InferenceService(rig.serving, rig.windows, new SignalReader(), statistics,
                new RowLimits(MOST_ROWS, 2), told::add);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.models.close();
    }

    @Test
    void tensorsAreAnsweredByTheNamesOfTheModelsOutputs() throws Exception {
        rig.models.passes("1").answer(1, 2, 3);

        InferAnswer answer = answered(request(1, 3, 4));

        assertThat(answer.model()).isEqualTo(ServedModels.version("1"));
        assertThat(answer.outputs()).extracting(AnswerTensor::name).containsExactly("direction_logits", "confidence");
        assertThat(answer.outputs().getFirst().elements().shape()).containsExactly(1, 3);
        assertThat(answer.outputs().getFirst().elements().values()).containsExactly(1, 2, 3);
        assertThat(rig.models.passes("1").inputs().getFirst().tensors().getFirst().values()).containsExactly(3, 4);
    }

    @Test
    void rowsComeBackInTheirOrderWhateverBatchesTheyWentThrough() throws Exception {
        rig.models.passes("1").answer((input) -> {
            float first = input.tensors().getFirst().values()[0];
            return new float[] { first, first + 1, first + 2 };
        });

        InferAnswer answer = answered(request(5, 0, 0, 10, 0, 20, 0, 30, 0, 40, 0));

        assertThat(answer.outputs().getFirst().elements().shape()).containsExactly(5, 3);
        assertThat(answer.outputs().getFirst().elements().values()).containsExactly(0, 1, 2, 10, 11, 12, 20, 21, 22, 30,
                31, 32, 40, 41, 42);
        assertThat(told).hasSize(5).allMatch(PredictionResult.Predicted.class::isInstance);
    }

    @Test
    void moreRowsThanTheServerTakesAreRefusedBeforeAnyIsComputed() throws Exception {
        OipResult.Refused<InferAnswer> refused = refused(request(MOST_ROWS + 1, new float[2 * (MOST_ROWS + 1)]));

        assertThat(refused.status()).isEqualTo(OipStatus.INVALID_ARGUMENT);
        assertThat(refused.message()).contains("9 rows, at most 8 are taken");
        assertThat(rig.models.passes("1").count()).isZero();
    }

    @Test
    void oneRowThatCanNotBeUsedRefusesAllOfThem() throws Exception {
        OipResult.Refused<InferAnswer> refused = refused(request(2, 1, 2, 3, Float.POSITIVE_INFINITY));

        assertThat(refused.status()).isEqualTo(OipStatus.INVALID_ARGUMENT);
        assertThat(refused.message()).startsWith("row 1: input 'features' has the element 3, Infinity");
    }

    @Test
    void inputsThatTheModelHasNotOrLacksAreNamed() throws Exception {
        InferRequest request = new InferRequest(ServedModels.MODEL, null, null, Map.of(),
                List.of(WireTensors.floats("feature", new long[] { 1, 2 }, 1, 2)), List.of());

        assertThat(refused(request).message()).isEqualTo(
                "m:1 takes the inputs [features], the request lacks [features], and the request has [feature] besides");
    }

    @Test
    void inputsOfDifferentLengthsDoNotBelongTogether() throws Exception {
        InferRequest request = new InferRequest(ServedModels.MODEL, null, null, Map.of(),
                List.of(WireTensors.floats("features", new long[] { 1, 2 }, 1, 2),
                        WireTensors.floats("other", new long[] { 2, 1 }, 1, 2)),
                List.of());

        assertThat(refused(request).message()).contains("input 'other' has 2 rows, input 'features' has 1");
    }

    @Test
    void aModelThatIsNotThereIsNotFoundAndToldOnce() throws Exception {
        OipResult.Refused<InferAnswer> refused = refused(
                new InferRequest("other", "", "", Map.of(), List.of(tensor(2, 1, 2, 3, 4)), List.of()));

        assertThat(refused.status()).isEqualTo(OipStatus.NOT_FOUND);
        assertThat(refused.message()).isEqualTo("there is no model 'other'");
        assertThat(told).hasSize(1);
    }

    @Test
    void anExactVersionAndTheIdAreRepeated() throws Exception {
        InferAnswer answer = answered(
                new InferRequest(ServedModels.MODEL, "2", "mine", Map.of(), List.of(tensor(1, 1, 2)), List.of()));

        assertThat(answer.model().version()).isEqualTo("2");
        assertThat(answer.id()).isEqualTo("mine");
    }

    @Test
    void onlyTheOutputsThatAreAskedForAreAnsweredInTheirOrder() throws Exception {
        assertThat(answered(asking(Map.of(), output("confidence"), output("direction_logits"))).outputs())
            .extracting(AnswerTensor::name)
            .containsExactly("confidence", "direction_logits");
        assertThat(refused(asking(Map.of(), output("nothing"))).message())
            .isEqualTo("there is no output 'nothing', the outputs are [direction_logits, confidence, direction]");
        assertThat(refused(asking(Map.of(), output("confidence"), output("confidence"))).message())
            .isEqualTo("an output is asked for twice");
    }

    @Test
    void theGreatestClassesAreNamedByTheirDirections() throws Exception {
        rig.models.passes("1").answer(1, 0.5f, 2);

        InferAnswer answer = answered(asking(Map.of(), classes("direction_logits", 2L)));

        assertThat(answer.outputs()).singleElement().satisfies((output) -> {
            assertThat(output.elements().shape()).containsExactly(1, 2);
            assertThat(output.elements().array(String[].class)).containsExactly("2.0:2:BUY", "1.0:0:SELL");
        });
        assertThat(refused(asking(Map.of(), classes("direction_logits", 0L))).message())
            .contains("expected how many classes, from 1 on, got 0");
    }

    @Test
    void whatOutputsMeanIsAnsweredWhereItIsWanted() throws Exception {
        rig.models.passes("1").answer(0, 0, 3);

        InferAnswer answer = answered(asking(Map.of("signal", true)));

        assertThat(answer.outputs()).extracting(AnswerTensor::name)
            .containsExactly("direction_logits", "confidence", "direction");
        assertThat(answer.outputs().getLast().elements().array(String[].class)).containsExactly("BUY");
        assertThat(answer.parameters()).containsKey("prediction_id");
        assertThat(answered(asking(Map.of(), output("direction"))).outputs()).hasSize(1);
    }

    @Test
    void listenersHearTheDirectionOfEveryRow() throws Exception {
        rig.models.passes("1").answer(0, 0, 3);

        answered(request(1, 1, 2));

        assertThat(told).singleElement().isInstanceOfSatisfying(PredictionResult.Predicted.class, (predicted) -> {
            assertThat(predicted.prediction().direction()).isEqualTo(Direction.BUY);
            assertThat(predicted.symbol()).isEmpty();
        });
    }

    @Test
    void outputsThatMeanNothingAreAnsweredAsTheyAreUnlessTheirMeaningIsWanted() throws Exception {
        rig.models.passes("1").answer(1, 2, Float.NaN);

        assertThat(answered(request(1, 1, 2)).outputs().getFirst().elements().values()).containsExactly(1, 2,
                Float.NaN);
        assertThat(refused(asking(Map.of("signal", true))).status()).isEqualTo(OipStatus.INTERNAL);
    }

    @Test
    void stepsOfASequenceGoToItsWindowUntilTheyAreEnough() throws Exception {
        OipResult.Refused<InferAnswer> filling = refused(step(Map.of("sequence_id", "s", "sequence_start", true), 1));
        refused(step(Map.of("sequence_id", "s"), 2));
        InferAnswer answer = answered(step(Map.of("sequence_id", "s"), 3));

        assertThat(filling.status()).isEqualTo(OipStatus.FAILED_PRECONDITION);
        assertThat(filling.message()).contains("the window of 's' has 1 of the 3 steps");
        assertThat(answer.parameters()).containsEntry("sequence_id", "s");
        assertThat(rig.models.passes("windowed").inputs().getLast().tensors().getFirst().values()).containsExactly(1, 1,
                2, 2, 3, 3);
        assertThat(told.getLast().toString()).contains("symbol=s");
    }

    @Test
    void theStartOfASequenceEmptiesItsWindowAndTheEndDropsIt() throws Exception {
        for (int i = 0; i < 2; i++) {
            refused(step(Map.of("sequence_id", 7L), i));
        }
        assertThat(refused(step(Map.of("sequence_id", 7L, "sequence_start", true), 3)).message()).contains("has 1 of");
        refused(step(Map.of("sequence_id", 7L), 4));
        answered(step(Map.of("sequence_id", 7L, "sequence_end", true), 5));

        assertThat(rig.windows.list()).isEmpty();
        assertThat(refused(step(Map.of("sequence_id", 7L), 6)).message()).contains("has 1 of the 3 steps");
    }

    @Test
    void aSequenceNeedsAnIdAndOneStepAtATime() throws Exception {
        assertThat(refused(step(Map.of("sequence_id", 0L, "sequence_start", true), 1)).message())
            .contains("parameters.sequence_id: required");
        assertThat(refused(step(Map.of("sequence_id", 1.5, "sequence_start", true), 1)).message())
            .contains("expected a text or a whole number");
        assertThat(refused(step(Map.of("sequence_id", "a\nb"), 1)).message()).contains("expected 1 to 128 printable");
        assertThat(refused(step(Map.of("sequence_id", "s", "timeframe", "0m"), 1)).message())
            .contains("expected the length of a candle");
        assertThat(refused(new InferRequest(ServedModels.MODEL, null, null, Map.of("sequence_id", "s"),
                List.of(tensor(2, 1, 2, 3, 4)), List.of()))
            .message()).contains("a request of a sequence brings one step");
    }

    @Test
    void aRequestIsNotComputedWhenTheTimeOfItsCallerIsUp() throws Exception {
        InferRequest late = asking(Map.of("timeout", 1000L));
        rig.models.passes("1").during(() -> rig.clock.advance(Duration.ofMillis(2)));

        OipResult.Refused<InferAnswer> refused = refused(late);

        assertThat(refused.status()).isEqualTo(OipStatus.DEADLINE_EXCEEDED);
        assertThat(refused.message()).isEqualTo("no answer within 1 ms");
        assertThat(refused(asking(Map.of("timeout", -1L))).status()).isEqualTo(OipStatus.INVALID_ARGUMENT);
        rig.models.passes("1").during(() -> {
        });
        assertThat(service.infer(request(1, 1, 2), new CallTimes(rig.clock.getAsLong(), 0, 0))).isInstanceOfSatisfying(
                OipResult.Refused.class,
                (expired) -> assertThat(expired.status()).isEqualTo(OipStatus.DEADLINE_EXCEEDED));
    }

    @Test
    void oneVariantOfAnExperimentAnswersAllRows() throws Exception {
        rig.run(Trials.of("e", AssignBy.REQUEST, Variant.serving("control", ServedModels.version("1"), 0.5),
                Variant.serving("treatment", ServedModels.version("2"), 0.5)));

        for (int i = 0; i < 10; i++) {
            InferAnswer answer = answered(request(4, new float[8]));
            assertThat(told.subList(told.size() - 4, told.size()))
                .allSatisfy((row) -> assertThat(((PredictionResult.Predicted) row).model()).isEqualTo(answer.model()));
            assertThat(String.valueOf(answer.parameters().get("prediction_id")).split(",")).hasSize(4);
        }
        assertThat(told.stream().map((row) -> ((PredictionResult.Predicted) row).model()).distinct()).hasSize(2);
    }

    @Test
    void controlAnswersAllRowsOfWhichAVariantFailedOnOne() throws Exception {
        Experiment experiment = Trials.of("e", AssignBy.KEY, Variant.serving("control", ServedModels.version("1"), 0.5),
                Variant.serving("treatment", ServedModels.version("2"), 0.5));
        rig.run(experiment);
        rig.models.passes("2").failOn((input) -> input.tensors().getFirst().values()[0] == 3);
        rig.models.passes("1").answer((input) -> {
            float first = input.tensors().getFirst().values()[0];
            return new float[] { first, first, first };
        });

        InferAnswer answer = answered(new InferRequest(ServedModels.MODEL, null, null,
                Map.of("routing_key", Trials.unitOf(experiment, "treatment")), List.of(tensor(2, 1, 2, 3, 4)),
                List.of()));

        assertThat(answer.model().version()).isEqualTo("1");
        assertThat(answer.outputs().getFirst().elements().values()).containsExactly(1, 1, 1, 3, 3, 3);
        assertThat(told).filteredOn((row) -> ((PredictionResult.Predicted) row).failedOver()).hasSize(1);
    }

    @Test
    void aModelThatFailsIsAnErrorOfTheServer() throws Exception {
        rig.models.passes("1").fail();

        assertThat(refused(request(1, 1, 2)).status()).isEqualTo(OipStatus.INTERNAL);
        assertThat(statistics.of(ServedModels.version("1")).stages().fail().count()).isEqualTo(1);
    }

    @Test
    void anEnsembleAnswersWhatItsMembersAgreeOn() throws Exception {
        rig.models.writeEnsemble("all", "1", """
                {"members": [{"model": "m", "version": "1"}, {"model": "m", "version": "2"}]}""");
        rig.models.folder().mark("all", "production", "1");
        rig.models.lifecycle().reload("all", null);
        rig.models.passes("1").answer(0, 0, 3);
        rig.models.passes("2").answer(0, 0, 3);

        InferAnswer answer = answered(
                new InferRequest("all", null, null, Map.of(), List.of(tensor(2, 1, 2, 3, 4)), List.of()));

        assertThat(answer.model().name()).isEqualTo("all");
        assertThat(answer.outputs().getFirst().name()).isEqualTo("direction");
        assertThat(answer.outputs().getFirst().elements().shape()).containsExactly(2, 1);
        assertThat(answer.outputs().getFirst().elements().array(String[].class)).containsExactly("BUY", "BUY");
    }

    private InferAnswer answered(InferRequest request) throws InterruptedException {
        OipResult<InferAnswer> result = service.infer(request, new CallTimes(rig.clock.getAsLong(), 0));
        assertThat(result).isInstanceOf(OipResult.Done.class);
        return ((OipResult.Done<InferAnswer>) result).value();
    }

    private OipResult.Refused<InferAnswer> refused(InferRequest request) throws InterruptedException {
        OipResult<InferAnswer> result = service.infer(request, new CallTimes(rig.clock.getAsLong(), 0));
        assertThat(result).isInstanceOf(OipResult.Refused.class);
        return (OipResult.Refused<InferAnswer>) result;
    }

    private static InferRequest request(int rows, float... values) {
        return new InferRequest(ServedModels.MODEL, null, null, Map.of(), List.of(tensor(rows, values)), List.of());
    }

    private static InferRequest asking(Map<String, Object> parameters, RequestedOutput... outputs) {
        return new InferRequest(ServedModels.MODEL, null, null, parameters, List.of(tensor(1, 1, 2)), List.of(outputs));
    }

    private InferRequest step(Map<String, Object> parameters, float value) {
        rig.clock.advance(Duration.ofSeconds(1));
        return new InferRequest(ServedModels.MODEL, "windowed", null, parameters, List.of(tensor(1, value, value)),
                List.of());
    }

    private static WireTensor tensor(int rows, float... values) {
        return WireTensors.floats("features", new long[] { rows, 2 }, values);
    }

    private static RequestedOutput output(String name) {
        return new RequestedOutput(name, Map.of());
    }

    private static RequestedOutput classes(String name, long most) {
        return new RequestedOutput(name, Map.of("classification", most));
    }

}
