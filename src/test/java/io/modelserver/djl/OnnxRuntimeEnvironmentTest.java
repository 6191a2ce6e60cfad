package io.modelserver.djl;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OnnxRuntimeEnvironmentTest {

    @Test
    void whatItNeedsOfOnnxRuntimeIsThere() {
        Engine.getEngine("OnnxRuntime");

        assertThat(OnnxRuntimeEnvironment.keep()).isTrue();
    }

}
