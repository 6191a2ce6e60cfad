package io.modelserver.engine;

import java.util.List;

import io.modelserver.fixtures.RealEngines;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EnginesTest {

    @Test
    void theFilesAreLookedForInThePrecedenceOfTheirEngines() {
        assertThat(RealEngines.LIST.fileNames()).containsExactly("model.pt", "model.onnx");
        assertThat(new Engines(List.of(RealEngines.ONNX, RealEngines.TORCH)).fileNames()).containsExactly("model.onnx",
                "model.pt");
    }

    /** Files that earlier versions of the server wrote have these words. */
    @Test
    void theWordsOfTheEnginesStayAsTheyAre() {
        assertThat(RealEngines.LIST.inPrecedence()).extracting(Engines::word).containsExactly("TORCHSCRIPT", "ONNX");
    }

    @ParameterizedTest
    @ValueSource(strings = { "onnxruntime", "ONNXRUNTIME", "OnnxRuntime", "onnx-runtime", "onnx_runtime" })
    void anEngineIsPreferredByItsNameHoweverItIsSpelled(String setting) {
        assertThat(RealEngines.LIST.preferring(setting).preferred()).contains(RealEngines.ONNX);
    }

    @Test
    void autoPrefersNone() {
        assertThat(RealEngines.LIST.preferring("pytorch").preferring("AUTO").preferred()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "onnx", "tensorflow" })
    void whatIsNoEngineIsRefused(String setting) {
        assertThatIllegalArgumentException().isThrownBy(() -> RealEngines.LIST.preferring(setting))
            .withMessage("modelserver.inference.engine must be one of auto, pytorch, onnxruntime, not '%s'"
                .formatted(setting));
    }

    @Test
    void namesAndFilesBelongToOneEngine() {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new Engines(List.of(RealEngines.ONNX, RealEngines.TORCH, RealEngines.ONNX)))
            .withMessage("two engines are called onnxruntime");
        assertThatIllegalArgumentException().isThrownBy(() -> new Engines(List.of()));
    }

}
