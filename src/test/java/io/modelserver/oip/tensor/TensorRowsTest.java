package io.modelserver.oip.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.modelserver.model.Datatype;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.oip.WireTensors;
import io.modelserver.trading.InvalidFeaturesException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TensorRowsTest {

    @Test
    void eachRowIsReadFromItsOwnPlaceWithoutTheBatchAxis() throws Exception {
        TensorRows tensor = TensorRows.of(WireTensors.floats("x", shape(2, 3), 1, 2, 3, 4, 5, 6));

        Tensor row = tensor.row(1, spec(Datatype.FP32, 3), false);

        assertThat(tensor.rows()).isEqualTo(2);
        assertThat(row.shape()).containsExactly(3);
        assertThat(row.values()).containsExactly(4, 5, 6);
    }

    @Test
    void elementsAreReadFromTheMiddleOfALargerBuffer() throws Exception {
        ByteBuffer body = ByteBuffer.allocate(20);
        body.position(3);
        body.put(WireTensors.bytes(4, Float.floatToIntBits(1.5f), Float.floatToIntBits(-2))).flip().position(3);

        TensorRows tensor = TensorRows.of(WireTensors.raw("x", WireType.FP32, shape(1, 2), body));

        assertThat(tensor.row(0, spec(Datatype.FP32, 2), false).values()).containsExactly(1.5f, -2);
    }

    @ParameterizedTest
    @CsvSource({ "UINT8, 1, 200", "UINT16, 2, 60000", "UINT32, 4, 4000000000", "UINT64, 8, 4000000000", "INT8, 1, -7",
            "INT16, 2, -7", "INT32, 4, -7", "INT64, 8, -7" })
    void integersOfEveryWidthBecomeTheNumbersOfTheModel(WireType type, int width, long value) throws Exception {
        TensorRows tensor = TensorRows.of(WireTensors.raw("x", type, shape(1, 2), WireTensors.bytes(width, value, 1)));

        assertThat(tensor.row(0, spec(Datatype.INT64, 2), false).array(long[].class)).containsExactly(value, 1);
        assertThat(tensor.row(0, spec(Datatype.FP64, 2), false).array(double[].class)).containsExactly((double) value,
                1);
        assertThat(tensor.row(0, spec(Datatype.FP32, 2), false).values()).containsExactly((float) value, 1);
    }

    @Test
    void theLargestUnsignedIntegerIsTheNearestNumberAndNoIntegerOfTheModel() throws Exception {
        TensorRows tensor = TensorRows.of(WireTensors.raw("x", WireType.UINT64, shape(1, 1), WireTensors.bytes(8, -1)));

        assertThat(tensor.row(0, spec(Datatype.FP64, 1), false).array(double[].class)).containsExactly(0x1p64);
        assertThatRefused(tensor, spec(Datatype.INT64, 1), "18446744073709551615, which is out of the range of INT64");
    }

    @Test
    void anIntegerThatIsTooLargeForTheModelIsRefused() throws Exception {
        TensorRows tensor = TensorRows
            .of(WireTensors.raw("x", WireType.INT64, shape(1, 1), WireTensors.bytes(8, 1L << 31)));

        assertThatRefused(tensor, spec(Datatype.INT32, 1), "2147483648, which is out of the range of INT32");
    }

    @Test
    void floatsOfHalfTheWidthOfEitherKindAreRead() throws Exception {
        TensorRows half = TensorRows.of(WireTensors.raw("x", WireType.FP16, shape(1, 2),
                WireTensors.bytes(2, Float.floatToFloat16(1.5f), Float.floatToFloat16(-0.25f))));
        TensorRows brain = TensorRows.of(WireTensors.raw("x", WireType.BF16, shape(1, 2),
                WireTensors.bytes(2, Float.floatToIntBits(1.5f) >>> 16, Float.floatToIntBits(-0.25f) >>> 16)));

        assertThat(half.row(0, spec(Datatype.FP32, 2), false).values()).containsExactly(1.5f, -0.25f);
        assertThat(brain.row(0, spec(Datatype.FP32, 2), false).values()).containsExactly(1.5f, -0.25f);
        assertThat(half.row(0, spec(Datatype.FP16, 2), false).datatype()).isEqualTo(Datatype.FP16);
        assertThat(brain.row(0, spec(Datatype.FP16, 2), false).floats()).containsExactly(1.5f, -0.25f);
    }

    @Test
    void aNumberThatIsNotFiniteForTheModelIsRefusedWithItsPlace() throws Exception {
        TensorRows wide = TensorRows.of(WireTensors.raw("x", WireType.FP64, shape(1, 2),
                WireTensors.bytes(8, Double.doubleToLongBits(1), Double.doubleToLongBits(1e39))));

        assertThatRefused(wide, spec(Datatype.FP32, 2),
                "input 'x' has the element 1, 1.0E39, which is not finite as FP32");
        assertThat(wide.row(0, spec(Datatype.FP64, 2), false).array(double[].class)).containsExactly(1, 1e39);
    }

    @Test
    void nanStandsForAMissingValueOnlyWhereTheModelTakesThose() throws Exception {
        TensorRows tensor = TensorRows.of(WireTensors.floats("x", shape(1, 2), 1, Float.NaN));

        assertThat(tensor.row(0, spec(Datatype.FP32, 2), true).values()).containsExactly(1, Float.NaN);
        assertThatRefused(tensor, spec(Datatype.FP32, 2), "takes no values that are missing");
    }

    @Test
    void floatsAreNeverTakenForIntegersNorTextsForNumbers() throws Exception {
        assertThatRefused(TensorRows.of(WireTensors.floats("x", shape(1, 1), 1)), spec(Datatype.INT64, 1),
                "has the datatype FP32, but this model takes INT64");
        assertThatRefused(TensorRows.of(WireTensors.texts("x", shape(1, 1), "1")), spec(Datatype.FP32, 1),
                "has the datatype BYTES, but this model takes FP32");
        assertThatRefused(TensorRows.of(WireTensors.floats("x", shape(1, 1), 1)), spec(Datatype.BOOL, 1),
                "has the datatype FP32, but this model takes BOOL");
    }

    @Test
    void textsAreReadOneByOneAndBehindTheirLengths() throws Exception {
        ByteBuffer raw = ByteBuffer.allocate(32)
            .put(WireTensors.bytes(4, 2))
            .put("h".getBytes(StandardCharsets.UTF_8))
            .put((byte) 'i')
            .put(WireTensors.bytes(4, 0))
            .flip();

        TensorRows prefixed = TensorRows.of(WireTensors.raw("x", WireType.BYTES, shape(2, 1), raw));
        TensorRows single = TensorRows.of(WireTensors.texts("x", shape(2, 1), "é", "b"));

        assertThat(prefixed.row(0, spec(Datatype.BYTES, 1), false).array(String[].class)).containsExactly("hi");
        assertThat(prefixed.row(1, spec(Datatype.BYTES, 1), false).array(String[].class)).containsExactly("");
        assertThat(single.row(0, spec(Datatype.BYTES, 1), false).array(String[].class)).containsExactly("é");
    }

    @Test
    void aTextWhoseLengthLiesIsRefused() {
        ByteBuffer raw = ByteBuffer.allocate(5).put(WireTensors.bytes(4, 2)).put((byte) 'h').flip();

        assertThatUnreadable(WireTensors.raw("x", WireType.BYTES, shape(1, 1), raw),
                "says that element 0 has 2 bytes, but 1 are left");
        assertThatUnreadable(WireTensors.raw("x", WireType.BYTES, shape(1, 1), WireTensors.bytes(1, 1, 0)),
                "ends within the length of element 0");
        assertThatUnreadable(WireTensors.raw("x", WireType.BYTES, shape(1, 1), WireTensors.bytes(4, -1)),
                "says that element 0 has 4294967295 bytes, but 0 are left");
        assertThatUnreadable(WireTensors.raw("x", WireType.BYTES, shape(1, 1), WireTensors.bytes(4, 0, 0)),
                "has 4 bytes left after 1 elements");
    }

    @Test
    void bytesThatAreNoTextAreRefused() throws Exception {
        TensorRows tensor = TensorRows.of(new WireTensor("x", WireType.BYTES, List.of(1L, 1L),
                new WireTensor.Texts(List.of(WireTensors.bytes(1, 0xFF)))));

        assertThatRefused(tensor, spec(Datatype.BYTES, 1), "has the element 0, which is not UTF-8");
    }

    @Test
    void elementsMustFillTheShapeExactly() {
        assertThatUnreadable(WireTensors.floats("x", shape(2, 2), 1, 2, 3),
                "12 bytes, which are 3 elements of FP32, expected 4 for the shape [2, 2]");
        assertThatUnreadable(WireTensors.raw("x", WireType.FP32, shape(1, 1), WireTensors.bytes(1, 0, 0, 0, 0, 0)),
                "5 bytes, which are 1 elements of FP32, expected 1");
        assertThatUnreadable(WireTensors.floats("x", shape(-1, 2), 1, 2), "the dimension -1");
        assertThatUnreadable(WireTensors.floats("x", shape(1L << 40, 1L << 40), 1), "has the dimension 1099511627776");
        assertThatUnreadable(WireTensors.floats("x", shape(1 << 20, 1 << 20), 1), "which is too large");
        assertThatUnreadable(WireTensors.floats("x", shape(), 1), "has the shape []");
    }

    @Test
    void aRowOfAnotherShapeIsRefusedWithBothShapes() throws Exception {
        TensorRows tensor = TensorRows.of(WireTensors.floats("x", shape(2, 3), 1, 2, 3, 4, 5, 6));

        assertThatRefused(tensor, spec(Datatype.FP32, 2), "has the shape [2, 3], expected [-1, 2]");
        assertThatRefused(tensor, spec(Datatype.FP32, 2, 3), "has the shape [2, 3], expected [-1, 2, 3]");
        assertThat(tensor.row(0, spec(Datatype.FP32, TensorSpec.FREE), false).size()).isEqualTo(3);
    }

    private static void assertThatRefused(TensorRows tensor, TensorSpec spec, String reason) {
        assertThatExceptionOfType(InvalidFeaturesException.class).isThrownBy(() -> tensor.row(0, spec, false))
            .withMessageContaining(reason);
    }

    private static void assertThatUnreadable(WireTensor tensor, String reason) {
        assertThatExceptionOfType(InvalidFeaturesException.class).isThrownBy(() -> TensorRows.of(tensor))
            .withMessageContaining(reason);
    }

    private static TensorSpec spec(Datatype datatype, Integer... shape) {
        return new TensorSpec("x", datatype, List.of(shape));
    }

    private static long[] shape(long... dimensions) {
        return dimensions;
    }

}
