package io.modelserver.engine.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelInstance;
import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PyTorchModelLoaderTest {

    private static final float POISON = 2e6f;

    private final PyTorchModelLoader loader = new PyTorchModelLoader(1);

    @Test
    void aTupleComesBackByPosition() throws Exception {
        try (LoadedModel model = load("tuple"); ModelInstance instance = model.newInstance()) {
            List<OutputTensor> outputs = instance.forward(List.of(input(1), input(2)));

            assertThat(model.engine()).isEqualTo("PyTorch 2.7.1");
            assertThat(outputs).extracting(OutputTensor::name).containsOnlyNulls();
            assertThat(outputs).extracting((output) -> output.tensor().values().length).containsExactly(6, 2, 2);
        }
    }

    @Test
    void aDictionaryComesBackByName() throws Exception {
        try (LoadedModel model = load("dict"); ModelInstance instance = model.newInstance()) {
            assertThat(instance.forward(List.of(input(1)))).extracting(OutputTensor::name)
                .containsExactlyInAnyOrder("direction_logits", "confidence", "expected_return");
        }
    }

    @Test
    void aSingleTensorComesBackAlone() throws Exception {
        try (LoadedModel model = load("single"); ModelInstance instance = model.newInstance()) {
            assertThat(instance.forward(List.of(input(1)))).singleElement()
                .satisfies((output) -> assertThat(output.tensor().shape()).containsExactly(1, 3));
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

            assertThat(outputs.getFirst().tensor().shape()).containsExactly(3, 3);
        }
    }

    @Test
    void aFailingForwardPassLeavesTheInstanceUsable() throws Exception {
        try (LoadedModel model = load("poison"); ModelInstance instance = model.newInstance()) {
            List<OutputTensor> before = instance.forward(List.of(input(1)));

            assertThatExceptionOfType(InferenceException.class)
                .isThrownBy(() -> instance.forward(List.of(input(1), input(POISON))));

            assertThat(instance.forward(List.of(input(1))).getFirst().tensor().values())
                .isEqualTo(before.getFirst().tensor().values());
        }
    }

    @Test
    void aFileThatIsNoModelIsRefused() {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(
                    () -> loader.load(new ModelArtifact(new ModelId("m", "1"), new byte[] { 'P', 'K', 3, 4, 0, 0 })))
            .withMessageStartingWith("PyTorch cannot read the file");
    }

    @Test
    void loadingLeavesNothingBehindInTheTemporaryFolder() throws Exception {
        long before = temporaryFolders();

        load("tuple").close();

        assertThat(temporaryFolders()).isEqualTo(before);
    }

    private static long temporaryFolders() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter((file) -> file.getFileName().toString().startsWith("pt-model")).count();
        }
    }

    private LoadedModel load(String name) throws IOException, ModelLoadException {
        Path file = Path.of("src/test/resources/torchscript", name, "model.pt");
        return loader.load(new ModelArtifact(new ModelId(name, "1"), Files.readAllBytes(file)));
    }

    private static ModelInput input(float value) {
        float[] values = new float[12];
        java.util.Arrays.fill(values, value);
        return new ModelInput(List.of(new Tensor(new int[] { 4, 3 }, values)));
    }

}
