package io.modelserver.engine.onnx;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

class OnnxRuntimeTelemetryTest {

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void onnxRuntimeReadsThatItMustNotReport() {
        OnnxRuntimeTelemetry.turnOff();

        assertThat(Native.load(Platform.C_LIBRARY_NAME, OnnxRuntimeTelemetry.CLibrary.class)
            .getenv(OnnxRuntimeTelemetry.VARIABLE)).isNotEmpty();
    }

}
