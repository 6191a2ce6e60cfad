package io.modelserver.registry.load;

import java.nio.file.Path;
import java.util.Objects;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Files as converters and exporters write them, in the real engines. */
class ExportedFormsTest {

    private static final Offset<Float> HALF = Offset.offset(0.01f);

    @TempDir
    Path registry;

    @Test
    void aGraphWhoseBatchAxisIsFixedAtOneIsRunOneByOne() throws Exception {
        EngineChoice choice = onnx("linear-batch-of-one").choice();

        assertThat(choice.maxBatchSize()).isEqualTo(1);
        assertThat(choice.reason()).isEqualTo("there is only model.onnx; it runs one request at a time, because the "
                + "batch axis is fixed at 1 in the file");
        assertThat(onnx("linear-batch-of-one").answer(1, 0, 0, 0).direction()).isEqualTo(Direction.SELL);
        assertThat(onnx("linear").choice().maxBatchSize()).isNull();
    }

    @Test
    void aGraphThatIsRunOneByOneDoesNotReplaceAScriptThatRunsBatches() throws Exception {
        EngineChoice choice = torchScript("head").and("linear-batch-of-one")
            .sample("{\"inputs\": {\"features\": [0, 0, 0, 0]}, \"outputs\": {\"direction_logits\": [0, 0, 0]}}")
            .choice();

        assertThat(choice.engine()).isEqualTo(RealEngines.TORCH);
        assertThat(choice.maxBatchSize()).isNull();
        assertThat(choice.reason())
            .isEqualTo("model.onnx can't be used: it runs one request at a time, because the batch "
                    + "axis is fixed at 1 in the file, and model.pt runs batches");
    }

    @ParameterizedTest
    @ValueSource(strings = { "linear-half", "linear-bfloat16", "linear-double" })
    void outputsOfEveryPrecisionAreRead(String model) throws Exception {
        Signal expected = onnx("linear").answer(0, 2, 0, 0);

        assertThat(buy(onnx(model).answer(0, 2, 0, 0))).isCloseTo(buy(expected), HALF);
    }

    @Test
    void aGraphMayLeaveMoreThanTheBatchOpen() throws Exception {
        DoubtfulModel model = onnx("mean-over-steps").with("{\"input_shape\": [-1, 3]}");

        assertThat(model.choice().maxBatchSize()).isNull();
        assertThat(model.said(new Tensor(new int[] { 2, 3 }, new float[] { 0, 1, 0, 0, 3, 0 })).direction())
            .isEqualTo(Direction.HOLD);
    }

    @Test
    void aTraceIsServedAsAScriptIs() throws Exception {
        assertThat(torchScript("traced").answer(1, 2, 3, 4)).isEqualTo(torchScript("head").answer(1, 2, 3, 4));
    }

    @ParameterizedTest
    @CsvSource({ "half, float16", "double, float64" })
    void inputsBecomeWhatTheWeightsAre(String model, String type) throws Exception {
        Signal expected = torchScript("head").answer(1, 2, 3, 4);

        assertThat(buy(torchScript(model).answer(1, 2, 3, 4))).isCloseTo(buy(expected), HALF);
        assertThat(torchScript(model).choice().reason())
            .contains("its float32 inputs are cast to %s, the type of its weights".formatted(type));
    }

    /** DJL can't make tensors of that type; it reads them. */
    @Test
    void weightsOfBfloat16AreRefusedAndSuchOutputsRead() throws Exception {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> torchScript("bfloat16").serve())
            .withMessageContaining("it computes in BFloat16, but it is fed float32: export it with float32 inputs and "
                    + "weights, e.g. after model.float()");
        assertThat(buy(torchScript("returns-bfloat16").answer(1, 2, 3, 4)))
            .isCloseTo(buy(torchScript("head").answer(1, 2, 3, 4)), HALF);
    }

    /** As float16, the first feature would be infinite. */
    @Test
    void inputsStayWhatTheyAreWhereTheModelTakesThem() throws Exception {
        Signal answer = torchScript("converts-itself").answer(65_600, 65_000, 65_000, 65_000);

        assertThat(answer.confidence()).isEqualTo(1);
        assertThat(torchScript("converts-itself").choice().reason()).doesNotContain("cast");
    }

    @Test
    void weightsThatWereSavedOnAGpuAreReadToTheCpu() throws Exception {
        assertThat(torchScript("gpu").answer(1, 2, 3, 4)).isEqualTo(torchScript("head").answer(1, 2, 3, 4));
        assertThat(torchScript("gpu").choice().reason()).contains("it was saved on cuda:0 and is run on the CPU");
    }

    @Test
    void aScriptThatWasSavedInTrainingModeIsRunInEvalMode() throws Exception {
        DoubtfulModel model = torchScript("saved-in-training");

        assertThat(model.choice().reason()).contains("it was saved in training mode and is run as after model.eval()");
        assertThat(buy(model.answer(1, 2, 3, 4))).isCloseTo(buy(torchScript("head").answer(1, 2, 3, 4)), HALF);
    }

    @Test
    void aTraceThatWasMadeInTrainingModeIsRefused() {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> torchScript("traced-in-training").serve())
            .withMessageContaining("model.eval()");
    }

    @Test
    void fieldsOfANamedTupleAreFoundByTheirNames() throws Exception {
        Signal expected = torchScript("head").answer(1, 2, 3, 4);

        assertThat(torchScript("fields").answer(1, 2, 3, 4).probabilities()).isEqualTo(expected.probabilities());
        assertThat(torchScript("fields").with("{\"input_shape\": [4], \"outputs\": {\"direction_logits\": 1}}")
            .answer(1, 2, 3, 4)
            .probabilities()).isEqualTo(expected.probabilities());
        assertThat(torchScript("other-fields").with("""
                {"input_shape": [4], "outputs": {"direction_logits": "logits", "confidence": "confidence"}}""")
            .answer(1, 2, 3, 4)
            .probabilities()).isEqualTo(expected.probabilities());
    }

    @ParameterizedTest
    @ValueSource(strings = { "other-fields", "list" })
    void outputsWhoseNamesNobodyLooksForAreFoundByTheirOrder(String model) throws Exception {
        Signal answer = torchScript(model).answer(1, 2, 3, 4);

        assertThat(answer.probabilities()).isEqualTo(torchScript("head").answer(1, 2, 3, 4).probabilities());
        assertThat(answer.confidence()).isNotEqualTo(torchScript("head").answer(1, 2, 3, 4).confidence());
    }

    private static float buy(Signal signal) {
        return Objects.requireNonNull(signal.probabilities()).buy();
    }

    private DoubtfulModel onnx(String name) {
        return DoubtfulModel.onnx(registry.resolve("onnx"), name);
    }

    private DoubtfulModel torchScript(String name) {
        return DoubtfulModel.torchScript(registry.resolve("torch"), name);
    }

}
