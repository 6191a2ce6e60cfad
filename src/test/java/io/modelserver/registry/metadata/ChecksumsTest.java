package io.modelserver.registry.metadata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import io.modelserver.engine.Engine;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import io.modelserver.registry.store.VersionState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * {@code sha256} in metadata.json as people and tools write it. HEX stands for the
 * digest.
 */
class ChecksumsTest {

    private static final ModelId ID = new ModelId("m", "1");

    private static final byte[] MODEL = FakeEngine.file("0.5");

    private static final String HEX = new ModelArtifact(ID, MODEL).sha256();

    private static final String ZEROS = "0".repeat(64);

    @TempDir
    Path temp;

    private ModelsFolder folder;

    @BeforeEach
    void copyAModelOfOneFile() throws Exception {
        folder = new ModelsFolder(temp).file("m", "1", "model.onnx", MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = { "'HEX'", "'sha256:HEX'", "'SHA-256=HEX'", "'HEX  model.onnx'", "'HEX *out/model.onnx'",
            "'SHA256 (model.onnx) = HEX'", "'SHA2-256(model.onnx)= HEX'", "{'model.onnx': 'HEX'}",
            "{'model.onnx': 'sha256:HEX'}", "{'./1/model.onnx': ' HEX '}", "{'model.onnx': 'HEX', 'model.pt': 'ZEROS'}",
            "{'model.onnx': 'HEX', 'README.md': 'ZEROS'}", "null", "{}", "{'model.onnx': null}" })
    void aDigestIsReadHoweverItIsWritten(String sha256) throws Exception {
        metadata("'sha256': " + sha256);
        assertThat(load(RealEngines.ONNX)).isEqualTo(HEX);
        assertThat(error()).isNull();

        metadata("'sha256': " + sha256.replace("HEX", HEX.toUpperCase(Locale.ROOT)));
        assertThat(load(RealEngines.ONNX)).isEqualTo(HEX);
    }

    @ParameterizedTest
    @ValueSource(strings = { "'sha256': 'ZEROS'", "'sha256': 'sha256:ZEROS'", "'sha256': 'ZEROS  model.onnx'",
            "'sha256': {'model.onnx': 'ZEROS'}", "'SHA256': 'ZEROS'", "'sha_256': {'model.onnx': 'ZEROS'}",
            "'sha256sum': 'ZEROS'" })
    void aFileWithAnotherDigestIsRefusedHoweverItIsWritten(String field) throws Exception {
        metadata(field);

        assertRefused("the sha256 of model.onnx is " + HEX + ", metadata.json says " + ZEROS + ": copy the file again");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = { "'sha256': 'ZEROS  model.pt'|gives the sha256 of model.pt, but not of model.onnx",
                    "'sha256': {'model.pt': 'ZEROS'}|gives the sha256 of model.pt, but not of model.onnx",
                    "'sha256': {'Model.onnx': 'HEX'}|gives the sha256 of Model.onnx, but not of model.onnx",
                    "'sha256': 'abc'|sha256 must be a SHA-256 of 64 hexadecimal digits, not \"abc\"",
                    "'sha256': ''|sha256 must be a SHA-256 of 64 hexadecimal digits, not \"\"",
                    "'sha256': 7|sha256 must be a SHA-256 of 64 hexadecimal digits, not 7",
                    "'sha256': ['HEX']|sha256 must be a SHA-256 of 64 hexadecimal digits, not [",
                    "'sha256': {'model.onnx': {'hex': 1}}|sha256.model.onnx must be a SHA-256",
                    "'sha256': {'model.onnx': 'md5:0123'}|sha256.model.onnx must be a SHA-256",
                    "'sha256': {'model.onnx': 'HEX', 'a/model.onnx': 'ZEROS'}|gives two SHA-256 digests of model.onnx",
                    "'sha256': 'HEX', 'SHA256': 'ZEROS'|gives two SHA-256 digests" })
    void aDigestThatCanNotProtectAnythingIsNotPassedOver(String field, String reason) throws Exception {
        metadata(field);

        assertRefused(reason);
        assertThat(error()).startsWith("metadata.json").contains(reason);
    }

    @Test
    void aTextBesideTwoFilesIsThatOfModelPt() throws Exception {
        folder.file("m", "1", "model.pt", MODEL).file("m", "1", "model.onnx", FakeEngine.file("0.6"));
        metadata("'sha256': 'HEX'");

        assertThat(load(RealEngines.TORCH)).isEqualTo(HEX);
        assertThatNoException().isThrownBy(() -> load(RealEngines.ONNX));
    }

    @Test
    void theDigestOfTheGoldenSamplesIsCheckedToo() throws Exception {
        metadata("'sha256': {'model.onnx': 'HEX', 'sample.json': 'ZEROS'}");
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> load(RealEngines.ONNX))
            .withMessageContaining("sample.json, which is missing");

        folder.file("m", "1", "sample.json", MODEL);
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> load(RealEngines.ONNX))
            .withMessageStartingWith("the sha256 of sample.json is " + HEX);

        metadata("'sha256': {'model.onnx': 'HEX', 'sample.json': 'HEX'}");
        assertThat(load(RealEngines.ONNX)).isEqualTo(HEX);
    }

    private void metadata(String field) throws Exception {
        Files.writeString(folder.path("m", "1", "metadata.json"),
                "{'input_shape': [2], %s}".formatted(field)
                    .replace('\'', '"')
                    .replace("HEX", HEX)
                    .replace("ZEROS", ZEROS));
    }

    private VersionFolder version() {
        return new RegistryFolder(temp, 1_000_000, RealEngines.LIST).version(ID).orElseThrow();
    }

    private String load(Engine engine) throws ModelLoadException {
        VersionFolder version = version();
        return version.artifact(version.metadata(), engine).sha256();
    }

    private @Nullable String error() {
        return version().status(Stage.NONE, VersionState.FOUND, Optional.empty(), null).error();
    }

    private void assertRefused(String reason) {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> load(RealEngines.ONNX))
            .withMessageContaining(reason);
    }

}
