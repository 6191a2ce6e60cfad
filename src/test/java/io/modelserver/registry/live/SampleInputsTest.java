package io.modelserver.registry.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.registry.store.RegistryFolder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SampleInputsTest {

    private static final ModelId VERSION = new ModelId("m", "1");

    @TempDir
    private Path root;

    private ModelsFolder folder;

    private SampleInputs samples;

    @BeforeEach
    void look() {
        folder = new ModelsFolder(root);
        samples = new SampleInputs(new RegistryFolder(root, 1_000_000, RealEngines.LIST));
    }

    @Test
    void theFirstGoldenSampleIsTheOneThatIsShown() throws IOException {
        folder.version("m", "1", "x", "{\"input_shape\": [2]}");
        folder.file("m", "1", "sample.json",
                "{\"samples\": [{\"inputs\": {\"features\": [3, 4]}}, {\"inputs\": {\"features\": [5, 6]}}]}"
                    .getBytes(StandardCharsets.UTF_8));

        assertThat(input().tensors().getFirst().values()).containsExactly(3, 4);
    }

    @Test
    void withoutGoldenSamplesNumbersAreThoseThatTrainingSaw() throws IOException {
        folder.version("m", "1", "x", """
                {"input_shape": [3, 2], "feature_names": ["a", "b"], "feature_stats": {
                 "a": {"mean": 15, "std": 3, "quantiles": [10, 20]},
                 "b": {"mean": 150, "std": 30, "quantiles": [100, 200]}}}""");

        float[] values = input().tensors().getFirst().values();

        assertThat(values).hasSize(6);
        for (int i = 0; i < values.length; i += 2) {
            assertThat(values[i]).isBetween(10f, 20f);
            assertThat(values[i + 1]).isBetween(100f, 200f);
        }
        assertThat(input().tensors().getFirst().values()).as("asked again").isEqualTo(values);
    }

    @Test
    void everyInputGetsNumbersOfItsDatatypeAndShape() throws IOException {
        folder.version("m", "1", "x", """
                {"inputs": [{"name": "features", "shape": [2]},
                            {"name": "session", "datatype": "INT64", "shape": [1]}]}""");

        assertThat(input().tensors()).satisfiesExactly((features) -> assertThat(features.shape()).containsExactly(2),
                (session) -> assertThat(session.datatype()).isEqualTo(Datatype.INT64));
    }

    @Test
    void filesThatDoNotTellWhatTheVersionTakesAreTheReasonWhyThereIsNone() throws IOException {
        folder.version("m", "1", "x", "{}");

        assertThat(samples.of(VERSION)).isInstanceOfSatisfying(SampleInput.Unknown.class, (unknown) -> {
            assertThat(unknown.id()).isEqualTo(VERSION);
            assertThat(unknown.reason()).contains("input_shape");
        });
        assertThat(samples.of(new ModelId("m", "2"))).isInstanceOf(SampleInput.Unknown.class);
    }

    private ModelInput input() {
        return ((SampleInput.Of) samples.of(VERSION)).input();
    }

}
