package io.modelserver.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OnnxModelLoaderTest {

    private static final float POISON = 2e6f;

    private final OnnxModelLoader loader = new OnnxModelLoader(1);

    @Test
    void outputsComeBackByName() throws Exception {
        try (LoadedModel model = load("named"); ModelInstance instance = model.newInstance()) {
            assertThat(model.engine()).isEqualTo("ONNX Runtime 1.29.0");
            assertThat(instance.forward(List.of(input(1)))).extracting(OutputTensor::name)
                .containsExactly("direction_logits", "confidence", "expected_return");
        }
    }

    @Test
    void everySampleOfABatchGetsItsOwnAnswer() throws Exception {
        try (LoadedModel model = load("scale"); ModelInstance instance = model.newInstance()) {
            float[] batched = instance.forward(List.of(input(1), input(2), input(3))).getFirst().tensor().values();

            assertThat(batched).containsExactly(1, 0, -1, 2, 0, -2, 3, 0, -3);
            assertThat(instance.forward(List.of(input(2))).getFirst().tensor().values()).containsExactly(2, 0, -2);
        }
    }

    @Test
    void severalInputsAreStackedEachForItself() throws Exception {
        Tensor lob = new Tensor(new int[] { 2, 1, 2 }, new float[] { 1, 2, 3, 4 });
        ModelInput both = new ModelInput(List.of(input(1).tensors().getFirst(), lob));
        try (LoadedModel model = load("raw_lob"); ModelInstance instance = model.newInstance()) {
            List<OutputTensor> outputs = instance.forward(Collections.nCopies(3, both));

            assertThat(outputs.getFirst().tensor().values()).startsWith(3.5f, 0, -3.5f);
        }
    }

    @Test
    void aFailingForwardPassLeavesTheInstanceUsable() throws Exception {
        try (LoadedModel model = load("poison"); ModelInstance instance = model.newInstance()) {
            float[] before = instance.forward(List.of(input(1))).getFirst().tensor().values();

            assertThatExceptionOfType(InferenceException.class)
                .isThrownBy(() -> instance.forward(List.of(input(1), input(POISON))));

            assertThat(instance.forward(List.of(input(1))).getFirst().tensor().values()).isEqualTo(before);
        }
    }

    @Test
    void anInputOfAnotherShapeIsAnError() throws Exception {
        ModelInput wide = new ModelInput(List.of(new Tensor(new int[] { 4, 4 }, new float[16])));
        try (LoadedModel model = load("scale"); ModelInstance instance = model.newInstance()) {
            assertThatExceptionOfType(InferenceException.class).isThrownBy(() -> instance.forward(List.of(wide)))
                .withMessageStartingWith("the forward pass failed");
        }
    }

    @Test
    void aFileThatIsNoModelIsRefused() {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> loader.load(new ModelArtifact(new ModelId("m", "1"), new byte[] { 1, 2, 3, 4, 0, 0 })))
            .withMessageStartingWith("ONNX Runtime cannot read the file");
    }

    @Test
    void weightsInAnotherFileAreRefused() {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> load("external"))
            .withMessageStartingWith("model.onnx keeps its weights in another file")
            .withMessageContaining("onnx.save(onnx.load(");
    }

    @Test
    void aWholeFileWithAPropertyCalledLocationIsLoaded() throws Exception {
        try (LoadedModel model = load("noted")) {
            assertThat(model.engine()).startsWith("ONNX Runtime");
        }
    }

    @Test
    void aZipIsRefusedWithAWordOnWhatItMayBe() {
        byte[] zip = { 'P', 'K', 3, 4, 0, 0 };

        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> loader.load(new ModelArtifact(new ModelId("m", "1"), zip)))
            .withMessageEndingWith("call it model.pt if it is TorchScript");
    }

    @Test
    void anOutputOfTextsIsRead() throws Exception {
        try (LoadedModel model = load("text"); ModelInstance instance = model.newInstance()) {
            assertThat(instance.forward(List.of(input(1)))).extracting((output) -> output.tensor().datatype())
                .containsExactly(Datatype.BYTES);
        }
    }

    private LoadedModel load(String name) throws IOException, ModelLoadException {
        Path file = Path.of("src/test/resources/onnx", name + ".onnx");
        return loader.load(new ModelArtifact(new ModelId(name, "1"), Files.readAllBytes(file)));
    }

    private static ModelInput input(float value) {
        float[] values = new float[12];
        Arrays.fill(values, value);
        return new ModelInput(List.of(new Tensor(new int[] { 4, 3 }, values)));
    }

}
