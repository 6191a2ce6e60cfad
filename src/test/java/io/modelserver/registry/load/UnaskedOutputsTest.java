package io.modelserver.registry.load;

import java.nio.file.Path;
import java.util.Arrays;

import io.modelserver.head.Reading;
import io.modelserver.model.PlainValues;
import io.modelserver.model.Tensor;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Outputs of which the metadata says nothing, or that they are something else. */
class UnaskedOutputsTest {

    @TempDir
    Path registry;

    @Test
    void aHugeOutputThatNobodyAskedForIsLeftOut() throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "huge");

        assertThat(model.answer(0, 0, 1, 0).outputs()).isEmpty();
        assertThat(model.choice().reason()).contains("the outputs [dump] are not part of answers");
        assertThat(DoubtfulModel.torchScript(registry.resolve("other"), "huge").answer(0, 0, 1, 0).outputs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({ "onnx, dump", "torch, dump" })
    void aHugeOutputThatIsAskedForIsRefused(String engine, String output) {
        DoubtfulModel model = engine.equals("onnx") ? DoubtfulModel.onnx(registry, "huge")
                : DoubtfulModel.torchScript(registry, "huge");

        DoubtfulModel
            .assertThatRefusal(model.with("{\"input_shape\": [4], \"outputs\": {\"state\": \"%s\"}}".formatted(output)))
            .contains("output 'dump' of the model has the shape [1, 70000], which is more than the server copies",
                    "at most 1024 elements");
    }

    @Test
    void anOutputThatIsTooLargeForSomeRequestsIsLeftOutOfTheirAnswers() throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "steps-passed").with("{\"input_shape\": [-1, 3]}");

        assertThat(model.said(steps(2)).outputs()).containsOnlyKeys("steps");
        assertThat(model.said(steps(400)).outputs()).isEmpty();
        assertThat(model.said(steps(40_000)).outputs()).isEmpty();
        assertThat(model.choice().reason())
            .contains("the outputs [steps] are left out of answers in which they have more than 1024 elements");
    }

    @Test
    void anOutputThatIsTooLargeForSomeRequestsFailsThemIfItWasAskedFor() throws Exception {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "steps-passed")
            .with("{\"input_shape\": [-1, 3], \"outputs\": {\"seen\": \"steps\", \"direction_logits\": 0}}");

        assertThat(model.said(steps(2)).outputs()).containsOnlyKeys("seen");
        assertThat(((Reading.Unreadable<Signal>) model.answered(steps(400))).reason())
            .contains("1200 elements for each sample");
        assertThat(((Reading.Unreadable<Signal>) model.answered(steps(40_000))).reason())
            .contains("output 'steps' of the model has the shape [1, 40000, 3]");
    }

    @Test
    void scoresThatContradictEachOtherAreRefusedUnlessTheMetadataSaysWhichCount() throws Exception {
        DoubtfulModel.assertThatRefusal(DoubtfulModel.onnx(registry, "contradicting-scores"))
            .contains("the outputs 'probabilities' and 'logits' may both hold the scores of the classes and contradict",
                    "{\"direction_logits\": \"logits\"}");
        assertThat(answer("contradicting-scores", "\"outputs\": {\"logits\": \"logits\"}").direction())
            .isEqualTo(Direction.SELL);
        assertThat(answer("contradicting-scores", "\"outputs\": {\"probabilities\": 1}").direction())
            .isEqualTo(Direction.HOLD);
    }

    @Test
    void integersNextToScoresAreNoLabelsWhereTheMetadataSaysWhatTheyAre() throws Exception {
        DoubtfulModel.assertThatRefusal(DoubtfulModel.onnx(registry, "with-regime"))
            .contains("the model labels an input");
        Signal answer = answer("with-regime", "\"outputs\": {\"market\": \"label\", \"volume\": \"regime\"}");

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
        assertThat(PlainValues.of(answer.outputs())).containsEntry("market", 3L).containsEntry("volume", 3);
        assertThat(answer("with-regime", "\"outputs\": {\"label\": null, \"regime\": null}").outputs()).isEmpty();
    }

    private Signal answer(String model, String metadata) throws Exception {
        return DoubtfulModel.onnx(registry, model)
            .with("{\"input_shape\": [4], %s}".formatted(metadata))
            .answer(3, 0, 0, 0);
    }

    private static Tensor steps(int count) {
        float[] values = new float[3 * count];
        Arrays.fill(values, 0.5f);
        return new Tensor(new int[] { count, 3 }, values);
    }

}
