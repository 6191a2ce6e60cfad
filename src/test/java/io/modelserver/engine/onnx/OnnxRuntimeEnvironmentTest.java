package io.modelserver.engine.onnx;

import ai.onnxruntime.OrtEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OnnxRuntimeEnvironmentTest {

    @Test
    void whatItNeedsOfOnnxRuntimeIsThere() {
        OrtEnvironment.getEnvironment();

        assertThat(OnnxRuntimeEnvironment.keep()).isTrue();
    }

}
