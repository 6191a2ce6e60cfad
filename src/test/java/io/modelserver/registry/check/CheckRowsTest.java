package io.modelserver.registry.check;

import java.util.List;
import java.util.Map;

import io.modelserver.drift.Baseline;
import io.modelserver.model.Datatype;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.registry.metadata.GoldenSample;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CheckRowsTest {

    private static final ModelMetadata METADATA = new ModelMetadata(new ModelId("m", "1"),
            List.of(new TensorSpec("features", List.of(2, 3)), new TensorSpec("raw_lob", List.of(TensorSpec.FREE, 4)),
                    new TensorSpec("venue", Datatype.INT64, List.of(1))),
            List.of(), Map.of(), new FeatureNames(List.of()));

    @Test
    void rowsFillEveryInputThatIsDeclared() {
        CheckRows rows = new CheckRows(METADATA, List.of(), Baseline.lacking("none"));

        assertThat(rows.rows()).hasSize(8).allSatisfy((row) -> assertFilled(row.input()));
        assertThat(rows.positiveRows()).hasSize(2).allSatisfy((row) -> assertFilled(row.input()));
        assertThat(rows.zeros()).singleElement().satisfies((row) -> assertFilled(row.input()));
    }

    @Test
    void ofASampleOnlyAmountsAreMoved() {
        ModelInput sample = new ModelInput(List.of(new Tensor(new int[] { 2, 3 }, new float[] { 1, 2, 3, 4, 5, 6 }),
                new Tensor(new int[] { 1, 4 }, new float[] { 1, 2, 3, 4 }),
                new Tensor(new int[] { 1 }, new long[] { 7 })));
        CheckRows rows = new CheckRows(METADATA, List.of(new GoldenSample(sample, Map.of(), null)),
                Baseline.lacking("none"));

        ModelInput moved = rows.rows().getLast().input();

        assertThat(moved.tensors().getFirst().values()).isNotEqualTo(sample.tensors().getFirst().values());
        assertThat(moved.tensors().getLast().array(long[].class)).containsExactly(7);
    }

    private static void assertFilled(ModelInput input) {
        assertThat(input.tensors()).extracting(Tensor::datatype)
            .containsExactly(Datatype.FP32, Datatype.FP32, Datatype.INT64);
        assertThat(input.tensors().get(0).shape()).containsExactly(2, 3);
        assertThat(input.tensors().get(1).shape()).containsExactly(1, 4);
        assertThat(input.tensors().get(2).shape()).containsExactly(1);
    }

}
