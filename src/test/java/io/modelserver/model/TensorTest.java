package io.modelserver.model;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TensorTest {

    private static final int[] PAIR = { 2 };

    @ParameterizedTest
    @EnumSource(names = "BYTES", mode = Mode.EXCLUDE)
    void numbersOfEveryDatatypeAreGivenAsFloats(Datatype datatype) {
        Tensor tensor = Tensor.of(datatype, PAIR, new double[] { 1, 0 });

        assertThat(tensor.datatype()).isEqualTo(datatype);
        assertThat(tensor.size()).isEqualTo(2);
        assertThat(tensor.floats()).containsExactly(1, 0).isSameAs(tensor.floats());
    }

    @Test
    void floatsAreNotCopied() {
        float[] values = { 1, 2 };

        Tensor tensor = new Tensor(PAIR, values);

        assertThat(tensor.values()).isSameAs(values);
        assertThat(tensor.floats()).isSameAs(values);
        assertThat(tensor.array(float[].class)).isSameAs(values);
    }

    @Test
    void integersKeepAllTheirDigits() {
        Tensor tensor = new Tensor(PAIR, new long[] { Long.MAX_VALUE, 1L << 53 | 1 });

        assertThat(tensor.array(long[].class)).containsExactly(Long.MAX_VALUE, (1L << 53) + 1);
    }

    @Test
    void elementsAreNotTakenForThoseOfAnotherDatatype() {
        Tensor tensor = new Tensor(PAIR, new long[2]);

        assertThatIllegalStateException().isThrownBy(tensor::values).withMessage("the tensor holds INT64");
        assertThatIllegalStateException().isThrownBy(() -> tensor.array(double[].class));
    }

    @Test
    void textsAreNoNumbers() {
        Tensor tensor = new Tensor(PAIR, new String[] { "SELL", "BUY" });

        assertThat(tensor.datatype()).isEqualTo(Datatype.BYTES);
        assertThatIllegalStateException().isThrownBy(tensor::floats).withMessage("the tensor holds no numbers");
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of(Datatype.BYTES, PAIR, new double[2]));
    }

    @ParameterizedTest
    @EnumSource(names = "BYTES", mode = Mode.EXCLUDE)
    void aSampleHasItsPartWhateverTheDatatype(Datatype datatype) {
        Tensor whole = Tensor.of(datatype, new int[] { 2, 2 }, new double[] { 0, 1, 1, 0 });

        Tensor second = ModelOutput.perSample(List.of(new OutputTensor("x", whole)), 2).getLast().tensor(0);

        assertThat(second.datatype()).isEqualTo(datatype);
        assertThat(second.shape()).containsExactly(2);
        assertThat(second.floats()).containsExactly(1, 0);
    }

    @Test
    void aSampleHasItsTexts() {
        Tensor whole = new Tensor(PAIR, new String[] { "SELL", "BUY" });

        Tensor second = ModelOutput.perSample(List.of(new OutputTensor("label", whole)), 2).getLast().tensor(0);

        assertThat(second.array(String[].class)).containsExactly("BUY");
        assertThat(second.shape()).isEmpty();
    }

}
