package io.modelserver.model;

import java.util.List;

import org.junit.jupiter.api.Test;

import static io.modelserver.model.Tensors.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ModelOutputTest {

    @Test
    void eachSampleHasItsPartOfEachOutput() {
        List<ModelOutput> outputs = ModelOutput.perSample(List.of(named("a", matrix(2, 3, 1, 2, 3, 4, 5, 6)),
                named("b", new Tensor(new int[] { 2 }, new float[] { 7, 8 }))), 2);

        assertThat(outputs).hasSize(2);
        assertThat(outputs.getFirst().tensor(0).values()).containsExactly(1, 2, 3);
        assertThat(outputs.getLast().tensor(0).values()).containsExactly(4, 5, 6);
        assertThat(outputs.getLast().tensor(0).shape()).containsExactly(3);
        assertThat(outputs.getLast().tensor(1).values()).containsExactly(8);
        assertThat(outputs.getLast().tensor(1).shape()).isEmpty();
    }

    @Test
    void theNumbersOfASampleThatWasAloneAreNotCopied() {
        Tensor whole = matrix(1, 2, 1, 2);

        Tensor own = ModelOutput.perSample(List.of(named("a", whole)), 1).getFirst().tensor(0);

        assertThat(own.values()).isSameAs(whole.values());
        assertThat(own.shape()).containsExactly(2);
    }

    @Test
    void aBatchOfOneMayLackItsAxis() {
        Tensor squeezed = new Tensor(new int[] { 3 }, new float[] { 1, 2, 3 });

        assertThat(ModelOutput.perSample(List.of(named("a", squeezed)), 1).getFirst().tensor(0)).isSameAs(squeezed);
    }

    @Test
    void anOutputWhoseFirstAxisIsNotTheBatchIsNobodysPart() {
        ModelOutput output = ModelOutput.perSample(List.of(named("a", matrix(3, 2, 1, 2, 3, 4, 5, 6))), 2).getFirst();

        assertThat(output.isPerSample(0)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> output.tensor(0))
            .withMessage("the first axis of output 0 is not the batch of 2: its shape is [3, 2]");
    }

    private static OutputTensor named(String name, Tensor tensor) {
        return new OutputTensor(name, tensor);
    }

}
