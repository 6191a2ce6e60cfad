package io.modelserver.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What a model returns of its inner state, of which nobody knows beforehand how much. */
class LargeOutputsTest {

    private static final Path RESOURCES = Path.of("src", "test", "resources");

    @ParameterizedTest
    @CsvSource({ "onnx/huge.onnx, 1", "onnx/huge.onnx, 3", "doubtful/huge.pt, 1", "doubtful/huge.pt, 3" })
    void elementsBeyondTheLimitStayInTheEngine(String file, int batchSize) throws Exception {
        try (LoadedModel model = load(file); ModelInstance instance = model.newInstance()) {
            ModelInput sample = new ModelInput(List.of(new Tensor(new int[] { 4 }, new float[] { 1, 0, 0, 0 })));

            List<OutputTensor> outputs = instance.forward(Collections.nCopies(batchSize, sample));

            assertThat(outputs).filteredOn(OutputTensor::isWithheld).singleElement().satisfies((dump) -> {
                assertThat(dump.name()).isEqualTo("dump");
                assertThat(dump.tensor().size()).isZero();
                assertThat(dump.withheldShape()).containsExactly((long) batchSize, 70_000L);
            });
            assertThat(outputs).filteredOn((output) -> !output.isWithheld())
                .singleElement()
                .satisfies((logits) -> assertThat(logits.tensor().shape()).containsExactly(batchSize, 3));
        }
    }

    private static LoadedModel load(String file) throws IOException, ModelLoadException {
        Engine engine = file.endsWith(".pt") ? RealEngines.TORCH : RealEngines.ONNX;
        return engine.loader()
            .load(new ModelArtifact(new ModelId("m", "1"), engine.fileName(),
                    Files.readAllBytes(RESOURCES.resolve(file))));
    }

}
