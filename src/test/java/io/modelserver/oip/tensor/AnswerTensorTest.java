package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.util.List;

import io.modelserver.model.Tensor;
import io.modelserver.oip.WireTensors;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerTensorTest {

    @Test
    void elementsAreWrittenWithTheirLowestBytesFirst() {
        assertThat(written(new Tensor(new int[] { 1 }, new float[] { 1.5f })))
            .isEqualTo(WireTensors.bytes(4, Float.floatToIntBits(1.5f)));
        assertThat(written(new Tensor(new int[] { 1 }, new double[] { 1.5 })))
            .isEqualTo(WireTensors.bytes(8, Double.doubleToLongBits(1.5)));
        assertThat(written(Tensor.halves(new int[] { 1 }, new short[] { 0x1234 })))
            .isEqualTo(WireTensors.bytes(2, 0x1234));
        assertThat(written(new Tensor(new int[] { 1 }, new long[] { -2 }))).isEqualTo(WireTensors.bytes(8, -2));
        assertThat(written(new Tensor(new int[] { 1 }, new int[] { -2 }))).isEqualTo(WireTensors.bytes(4, -2));
        assertThat(written(new Tensor(new int[] { 2 }, new boolean[] { true, false })))
            .isEqualTo(WireTensors.bytes(1, 1, 0));
    }

    @Test
    void textsAreWrittenBehindTheirLengthsInBytes() {
        assertThat(written(new Tensor(new int[] { 2 }, new String[] { "é", "" })))
            .isEqualTo(WireTensors.bytes(1, 2, 0, 0, 0, 0xC3, 0xA9, 0, 0, 0, 0));
    }

    @Test
    void theGreatestElementsAreNamedWithTheirValuesAndPlaces() {
        Tensor row = new Tensor(new int[] { 4 }, new float[] { 1, 5, 10, 5 });

        assertThat(Classification.of(row, 3, List.of()).array(String[].class)).containsExactly("10.0:2", "5.0:1",
                "5.0:3");
        assertThat(Classification.of(row, 1, List.of("a", "b", "c", "d")).array(String[].class))
            .containsExactly("10.0:2:c");
        assertThat(Classification.of(row, 9, List.of("a")).array(String[].class)).hasSize(4);
    }

    private static ByteBuffer written(Tensor elements) {
        AnswerTensor tensor = new AnswerTensor("x", elements);
        ByteBuffer target = ByteBuffer.allocate(tensor.rawBytes() + 3).position(3);
        tensor.writeTo(target);
        assertThat(target.hasRemaining()).isFalse();
        return target.position(3);
    }

}
