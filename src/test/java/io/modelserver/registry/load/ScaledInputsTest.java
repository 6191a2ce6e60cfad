package io.modelserver.registry.load;

import java.nio.file.Path;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.signal.Probabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Scaling in metadata.json, in a real engine: the logits are the first feature less the
 * second, 0, and the second less the first.
 */
class ScaledInputsTest {

    private static final String SAMPLE = """
            {%s"inputs": {"features": [130, 110, 0, 0]}, "outputs": {"direction_logits": [%s, 0, %s]}}""";

    @TempDir
    Path registry;

    @Test
    void theModelSeesScaledNumbers() throws Exception {
        Probabilities scaled = model("10", "").answer(130, 110, 0, 0).probabilities();

        assertThat(scaled).isEqualTo(DoubtfulModel.onnx(registry, "linear").answer(3, 1, 0, 0).probabilities());
    }

    @Test
    void goldenSamplesHoldWhatCallersSend() {
        assertThatCode(model("10", "").sample(SAMPLE.formatted("", 2, -2))::serve).doesNotThrowAnyException();
    }

    @Test
    void aScalingThatIsNotThatOfTheTrainingDoesNotReproduceTheSamples() {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(model("11", "").sample(SAMPLE.formatted("", 2, -2))::serve)
            .withMessageContaining("the golden sample is not reproduced");
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(model("10", "").sample(SAMPLE.formatted("", 20, -20))::serve)
            .withMessageContaining("the golden sample is not reproduced");
    }

    @Test
    void aSampleMayBeOfASymbolWithAScaleOfItsOwn() {
        DoubtfulModel model = model("10", ", \"by_symbol\": {\"ETHUSDT\": {\"mean\": 0, \"scale\": 5}}");

        assertThatCode(model.sample(SAMPLE.formatted("\"symbol\": \"ETHUSDT\", ", 4, -4))::serve)
            .doesNotThrowAnyException();
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(model.sample(SAMPLE.formatted("", 4, -4))::serve)
            .withMessageContaining("the golden sample is not reproduced");
    }

    @Test
    void whereEverySymbolHasItsOwnASampleNamesOne() {
        DoubtfulModel model = DoubtfulModel.onnx(registry, "linear")
            .with("{\"input_shape\": [4], \"scaling\": {\"by_symbol\": {\"ETHUSDT\": {\"mean\": 0, \"scale\": 5}}}}");

        assertThatCode(model::serve).doesNotThrowAnyException();
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(model.sample(SAMPLE.formatted("", 4, -4))::serve)
            .withMessageContaining(
                    "has none without a symbol, only ETHUSDT: a sample needs one of them as its \"symbol\"");
        assertThatCode(model.sample(SAMPLE.formatted("\"symbol\": \"ETHUSDT\", ", 4, -4))::serve)
            .doesNotThrowAnyException();
    }

    private DoubtfulModel model(String scale, String more) {
        return DoubtfulModel.onnx(registry, "linear")
            .with("{\"input_shape\": [4], \"scaling\": {\"mean\": [100, 100, 0, 0], \"scale\": [%s, 10, 1, 1]%s}}"
                .formatted(scale, more));
    }

}
