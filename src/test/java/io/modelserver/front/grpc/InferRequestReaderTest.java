package io.modelserver.front.grpc;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import io.modelserver.oip.InferRequest;
import io.modelserver.oip.RequestedOutput;
import io.modelserver.oip.tensor.WireTensor;
import io.modelserver.oip.tensor.WireType;
import io.modelserver.trading.InvalidFeaturesException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class InferRequestReaderTest {

    @Test
    void rawContentsStayWhereTheyAreInTheMessage() throws Exception {
        ByteString raw = ByteString.copyFrom(new byte[] { 1, 2, 3, 4 });

        InferRequest request = InferRequestReader
            .read(message(input("x", "FP32").addShape(1).addShape(1)).addRawInputContents(raw).build());

        WireTensor tensor = request.inputs().getFirst();
        assertThat(tensor.name()).isEqualTo("x");
        assertThat(tensor.type()).isEqualTo(WireType.FP32);
        assertThat(tensor.shape()).containsExactly(1L, 1L);
        assertThat(bytes(tensor)).isEqualTo(raw.asReadOnlyByteBuffer());
    }

    @Test
    void typedContentsBecomeWhatRawOnesWouldBe() throws Exception {
        assertThat(read("BOOL", contents().addBoolContents(true).addBoolContents(false))).isEqualTo(bytes(1, 0));
        assertThat(read("INT8", contents().addIntContents(-128).addIntContents(127))).isEqualTo(bytes(-128, 127));
        assertThat(read("UINT8", contents().addUintContents(0).addUintContents(255))).isEqualTo(bytes(0, -1));
        assertThat(read("INT16", contents().addIntContents(-2))).isEqualTo(bytes(-2, -1));
        assertThat(read("UINT16", contents().addUintContents(65535))).isEqualTo(bytes(-1, -1));
        assertThat(read("INT32", contents().addIntContents(7))).isEqualTo(bytes(7, 0, 0, 0));
        assertThat(read("UINT32", contents().addUintContents(-1))).isEqualTo(bytes(-1, -1, -1, -1));
        assertThat(read("INT64", contents().addInt64Contents(Long.MAX_VALUE)))
            .isEqualTo(little(8).putLong(Long.MAX_VALUE).flip());
        assertThat(read("UINT64", contents().addUint64Contents(-1))).isEqualTo(little(8).putLong(-1).flip());
        assertThat(read("FP32", contents().addFp32Contents(1.5f))).isEqualTo(little(4).putFloat(1.5f).flip());
        assertThat(read("FP64", contents().addFp64Contents(0.1))).isEqualTo(little(8).putDouble(0.1).flip());
    }

    @Test
    void textsKeepTheirOwnBytes() throws Exception {
        ByteString text = ByteString.copyFromUtf8("цена");

        WireTensor tensor = InferRequestReader
            .read(message(input("x", "BYTES")
                .setContents(contents().addBytesContents(text).addBytesContents(ByteString.EMPTY))).build())
            .inputs()
            .getFirst();

        assertThat(((WireTensor.Texts) tensor.elements()).texts()).containsExactly(text.asReadOnlyByteBuffer(),
                ByteBuffer.allocate(0));
    }

    @Test
    void bothKindsOfContentsInOneRequestAreRefused() {
        assertThatThrownBy(
                () -> InferRequestReader.read(message(input("x", "FP32").setContents(contents().addFp32Contents(1)))
                    .addRawInputContents(ByteString.copyFrom(new byte[4]))
                    .build()))
            .isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining("'x'")
            .hasMessageContaining("raw_input_contents");
    }

    @Test
    void contentsThatAreThereAndEmptyAreNone() throws Exception {
        assertThat(InferRequestReader
            .read(message(input("x", "FP32").setContents(contents())).addRawInputContents(ByteString.EMPTY).build())
            .inputs()).hasSize(1);
    }

    @Test
    void eachInputNeedsItsRawContents() {
        assertThatThrownBy(() -> InferRequestReader
            .read(message(input("x", "FP32"), input("y", "FP32")).addRawInputContents(ByteString.EMPTY).build()))
            .isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining("1 for 2 inputs");
    }

    @ParameterizedTest
    @ValueSource(strings = { "FP16", "BF16" })
    void halvesHaveNoTypedContents(String datatype) {
        assertThatThrownBy(() -> read(datatype, contents().addFp32Contents(1)))
            .isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining(datatype)
            .hasMessageContaining("raw_input_contents");
    }

    @Test
    void elementsInTheFieldOfAnotherDatatypeAreRefused() {
        assertThatThrownBy(() -> read("INT64", contents().addIntContents(1)))
            .isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining("belong in int64_contents, not in int_contents");
    }

    @Test
    void integersThatDoNotFitAreRefused() {
        assertThatThrownBy(() -> read("INT8", contents().addIntContents(1).addIntContents(128)))
            .isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining("element 1 is 128");
        assertThatThrownBy(() -> read("UINT16", contents().addUintContents(65536)))
            .isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining("element 0 is 65536");
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "fp32", "FP8", "STRING" })
    void datatypesThatTheProtocolDoesNotHaveAreRefused(String datatype) {
        assertThatThrownBy(() -> read(datatype, contents())).isInstanceOf(InvalidFeaturesException.class)
            .hasMessageContaining("'" + datatype + "'");
    }

    @Test
    void parametersHaveTheirValuesAndThoseWithoutAreLeftOut() throws Exception {
        InferRequest request = InferRequestReader.read(message().setModelVersion("2")
            .setId("42")
            .putAllParameters(Map.of("a", InferParameter.newBuilder().setBoolParam(true).build(), "b",
                    InferParameter.newBuilder().setInt64Param(-7).build(), "c",
                    InferParameter.newBuilder().setStringParam("BTCUSDT").build(), "d",
                    InferParameter.newBuilder().setDoubleParam(0.5).build(), "e",
                    InferParameter.newBuilder().setUint64Param(-1).build(), "f", InferParameter.getDefaultInstance()))
            .addOutputs(InferRequestedOutputTensor.newBuilder()
                .setName("y")
                .putParameters("classification", InferParameter.newBuilder().setInt64Param(3).build()))
            .build());

        assertThat(request.parameters()).isEqualTo(
                Map.of("a", true, "b", -7L, "c", "BTCUSDT", "d", 0.5, "e", new BigInteger("18446744073709551615")));
        assertThat(request.outputs()).containsExactly(new RequestedOutput("y", Map.of("classification", 3L)));
        assertThat(request.version()).isEqualTo("2");
        assertThat(request.id()).isEqualTo("42");
        request.parameters()
            .forEach((name, value) -> assertThat(Parameters.read(Map.of(name, Parameters.write(value))))
                .isEqualTo(Map.of(name, value)));
    }

    private static ByteBuffer read(String datatype, InferTensorContents.Builder contents)
            throws InvalidFeaturesException {
        return bytes(InferRequestReader.read(message(input("x", datatype).setContents(contents)).build())
            .inputs()
            .getFirst());
    }

    private static ByteBuffer bytes(WireTensor tensor) {
        return ((WireTensor.Raw) tensor.elements()).bytes();
    }

    private static ByteBuffer bytes(int... bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(bytes.length);
        for (int each : bytes) {
            buffer.put((byte) each);
        }
        return buffer.flip();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static InferTensorContents.Builder contents() {
        return InferTensorContents.newBuilder();
    }

    private static InferInputTensor.Builder input(String name, String datatype) {
        return InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
    }

    private static ModelInferRequest.Builder message(InferInputTensor.Builder... inputs) {
        return ModelInferRequest.newBuilder()
            .setModelName("m")
            .addAllInputs(List.of(inputs).stream().map(InferInputTensor.Builder::build).toList());
    }

}
