package io.modelserver.engine.torch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

import io.modelserver.engine.ModelLoadException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TorchScriptArchiveTest {

    private final byte[] bundled = read(Path.of("models", "hybrid_cnn_lstm", "20251114_192715", "model.pt"));

    @Test
    void aWholeFileIsFine() {
        assertThatCode(() -> TorchScriptArchive.check(bundled, "model.pt")).doesNotThrowAnyException();
    }

    @Test
    void aFlippedBitInTheWeightsIsSeen() {
        bundled[bundled.length / 2] ^= 1;

        assertRefused(bundled, "model.pt is damaged: 'model/");
    }

    @Test
    void aFileThatWasCutShortIsNone() {
        assertRefused(Arrays.copyOf(bundled, bundled.length / 2), "model.pt is not TorchScript");
        assertRefused(new byte[0], "model.pt is not TorchScript");
    }

    @Test
    void aStateDictIsNone() {
        assertRefused(read(Path.of("src", "test", "resources", "torchscript", "state-dict", "model.pt")),
                "torch.jit.script");
    }

    @Test
    void whatIsNoZipIsNone() {
        assertRefused("PK m/code/ and nothing more".getBytes(StandardCharsets.UTF_8), "model.pt is not TorchScript");
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> TorchScriptArchive.check(bytes, "model.pt"))
            .withMessageContaining(message);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        }
        catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

}
