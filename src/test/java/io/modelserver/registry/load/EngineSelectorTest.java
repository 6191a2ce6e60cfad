package io.modelserver.registry.load;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import io.modelserver.engine.Engines;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.fixtures.FakeEngine;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.registry.check.ModelCheck;
import io.modelserver.registry.metadata.MetadataFile;
import io.modelserver.registry.store.RegistryFolder;
import io.modelserver.registry.store.VersionFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EngineSelectorTest {

    private static final String SAMPLE = "{\"samples\": [{\"inputs\": {\"features\": [1, 2]}, "
            + "\"outputs\": {\"confidence\": [0.5]}}]}";

    @TempDir
    Path temp;

    private final FakeEngine engine = new FakeEngine();

    private final Engines engines = engine.engines();

    private ModelsFolder folder;

    @BeforeEach
    void aVersionWithBothFilesAndASample() throws Exception {
        folder = new ModelsFolder(temp).version("m", "1", "0.5")
            .file("m", "1", "model.onnx", FakeEngine.file("0.5"))
            .file("m", "1", "sample.json", SAMPLE.getBytes(StandardCharsets.UTF_8));
        engine.passTakes("model.pt", 300).passTakes("model.onnx", 200);
    }

    @Test
    void theFasterOfTwoThatAgreeIsServed() throws Exception {
        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.onnx");
        assertThat(choice.release()).isEqualTo("Fake ONNX");
        assertThat(choice.reason())
            .isEqualTo("model.onnx agrees with model.pt and runs 1.5 times as fast at batch size 1, 1.5 times at 4");
    }

    @Test
    void anOnnxFileThatIsSlowerIsNotServed() throws Exception {
        engine.passTakes("model.onnx", 600);

        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.pt");
        assertThat(choice.reason()).contains("0.5 times as fast");
    }

    @Test
    void theSameFilesGetTheSameEngineWhateverTheClockSaysLater() throws Exception {
        EngineChoice first = select("auto");
        engine.passTakes("model.onnx", 600);

        assertThat(select("auto")).isEqualTo(first);

        Files.writeString(temp.resolve("engines"), "what is no line of this file\n%1$s %1$s FAKE of old\n"
            .formatted(new ModelArtifact(new ModelId("m", "1"), FakeEngine.file("0.5")).sha256()));
        assertThat(select("auto").engine().fileName()).isEqualTo("model.pt");
    }

    @Test
    void aChoiceThatAnEarlierVersionOfTheServerWroteDownIsKept() throws Exception {
        String digest = new ModelArtifact(new ModelId("m", "1"), FakeEngine.file("0.5")).sha256();
        Files.writeString(temp.resolve("engines"),
                "%1$s %1$s TORCHSCRIPT model.onnx agrees but is slow\n".formatted(digest));

        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.pt");
        assertThat(choice.reason()).isEqualTo("model.onnx agrees but is slow");
    }

    @Test
    void aChoiceIsWrittenDownAsEarlierVersionsOfTheServerDid() throws Exception {
        String digest = new ModelArtifact(new ModelId("m", "1"), FakeEngine.file("0.5")).sha256();

        String reason = select("auto").reason();

        assertThat(temp.resolve("engines")).hasContent("%1$s %1$s ONNX %2$s".formatted(digest, reason));
    }

    @Test
    void anOnnxFileThatDisagreesIsNotServed() throws Exception {
        folder.file("m", "1", "model.onnx", FakeEngine.file("0.6"));

        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.pt");
        assertThat(choice.reason())
            .startsWith("model.onnx can't be used: the golden sample is not reproduced: confidence[0] is 0.6");
    }

    @Test
    void anOutputThatTheSampleDoesNotRecordMustAgreeToo() throws Exception {
        folder.file("m", "1", "model.onnx", FakeEngine.file("0.6"))
            .file("m", "1", "sample.json",
                    SAMPLE.replace("\"confidence\": [0.5]", "").getBytes(StandardCharsets.UTF_8));

        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.pt");
        assertThat(choice.reason()).contains("confidence[0] is 0.6, the other engine says 0.5");
    }

    @Test
    void anOnnxFileThatCannotBeReadIsNotServed() throws Exception {
        folder.file("m", "1", "model.onnx", FakeEngine.file("broken"));

        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.pt");
        assertThat(choice.reason()).isEqualTo("model.onnx can't be used: the engine can't read it");
    }

    @Test
    void withoutASampleTheReferenceIsServed() throws Exception {
        Files.delete(folder.path("m", "1", "sample.json"));

        EngineChoice choice = select("auto");

        assertThat(choice.engine().fileName()).isEqualTo("model.pt");
        assertThat(choice.reason()).startsWith("there is no sample.json");
    }

    @Test
    void aGoodOnnxFileDoesNotSaveABadReference() throws Exception {
        folder.file("m", "1", "model.pt", FakeEngine.file("0.7"));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> select("auto"))
            .withMessageContaining("the golden sample is not reproduced");
        assertThat(engine.openModels()).isZero();
    }

    @Test
    void theOperatorsChoiceIsFollowed() throws Exception {
        assertThat(select("pytorch").engine().fileName()).isEqualTo("model.pt");

        EngineChoice choice = select("ONNX-Runtime");

        assertThat(choice.release()).isEqualTo("Fake ONNX");
        assertThat(choice.reason()).isEqualTo("set by modelserver.inference.engine");
    }

    @Test
    void theOperatorsChoiceMustPassTheGoldenSample() throws Exception {
        folder.file("m", "1", "model.onnx", FakeEngine.file("0.6"));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> select("onnxruntime"))
            .withMessageContaining("the golden sample is not reproduced");
        assertThat(engine.openModels()).isZero();
    }

    @Test
    void theOnlyFileIsServedWhateverTheOperatorPrefers() throws Exception {
        Files.delete(folder.path("m", "1", "model.pt"));

        EngineChoice choice = select("pytorch");

        assertThat(choice.release()).isEqualTo("Fake ONNX");
        assertThat(choice.reason()).isEqualTo("there is only model.onnx");
    }

    @Test
    void aVersionWithoutAModelFileIsRefused() throws Exception {
        Files.delete(folder.path("m", "1", "model.pt"));
        Files.delete(folder.path("m", "1", "model.onnx"));

        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> select("auto"))
            .withMessage("model.pt is missing, and there is no model.onnx either");
    }

    @Test
    void theChecksumOfTheOnnxFileIsHeldToo() throws Exception {
        folder.file("m", "1", "metadata.json",
                "{\"input_shape\": [2], \"sha256\": {\"model.onnx\": \"%s\"}}".formatted("0".repeat(64))
                    .getBytes(StandardCharsets.UTF_8));

        assertThat(select("auto").reason()).contains("the sha256 of model.onnx is");
    }

    /** Whatever was not chosen is closed again. */
    private EngineChoice select(String preference) throws ModelLoadException {
        VersionFolder version = new RegistryFolder(temp, 1_000_000, engines.preferring(preference))
            .version(new ModelId("m", "1"))
            .orElseThrow();
        MetadataFile file = version.metadata();
        ModelMetadata metadata = file.describe(version.id());
        ModelCheck check = new ModelCheck(metadata, version.goldenSamples(metadata), file.baseline(), 4);
        EngineSelector.Selected selected = new EngineSelector(new EngineMemory(temp.resolve("engines")),
                engine::nanoTime)
            .select(version, file, check, new VersionLoad(version.id(), ""));
        assertThat(engine.openModels()).isOne();
        selected.model().close();
        return selected.choice();
    }

}
