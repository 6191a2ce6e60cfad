package io.modelserver.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

class OnnxFileTest {

    @Test
    void aFileTellsItsInputsAndOutputs() throws IOException {
        OnnxFile file = read("tree-zipmap");

        assertThat(file.inputs())
            .containsExactly(new OnnxValue("features", OnnxValue.Kind.TENSOR, "FLOAT", List.of(OnnxValue.FREE, 4L)));
        assertThat(file.outputs()).containsExactly(
                new OnnxValue("label", OnnxValue.Kind.TENSOR, "STRING", List.of(OnnxValue.FREE)),
                new OnnxValue("probabilities", OnnxValue.Kind.MAPS, "STRING", List.of()));
    }

    @Test
    void classLabelsAreThoseOfTheClassifierBehindAnOutput() throws IOException {
        assertThat(read("tree-zipmap").classLabels()).containsEntry("probabilities", List.of("BUY", "HOLD", "SELL"));
        assertThat(read("noted").classLabels()).containsEntry("probabilities", List.of("0", "1", "2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            chosen-names    | BUY,HOLD,SELL
            chosen-signs    | 1,0,-1
            chosen-gathered | BUY,HOLD,SELL
            chosen-encoded  | BUY,HOLD,SELL
            """)
    void classLabelsAreAlsoThoseFromWhichTheGraphTakesItsLabel(String model, String labels) throws IOException {
        assertThat(read(model).classLabels()).containsEntry("probabilities", List.of(labels.split(",")));
    }

    @Test
    void aFileTellsItsFormatAndOperatorSets() throws IOException {
        OnnxFile file = read("tree-zipmap");

        assertThat(file.irVersion()).isEqualTo(8);
        assertThat(file.operatorSets()).containsEntry("", 15L).containsEntry("ai.onnx.ml", 2L);
    }

    @Test
    void aPropertyCalledLocationIsNoFileOfWeights() throws IOException {
        OnnxFile file = read("noted");

        assertThat(file.properties()).containsEntry("location", "eu-central");
        assertThat(file.externalFiles()).isEmpty();
    }

    @Test
    void weightsInAnotherFileAreFoundAlsoInsideABranch() throws IOException {
        assertThat(read("external").externalFiles()).isNotEmpty();
        assertThat(read("hidden-weights").externalFiles()).containsExactly("weights.bin");
    }

    @Test
    void theBundledModelNeedsNoOtherFile() throws IOException {
        OnnxFile file = OnnxFile.read(bundled());

        assertThat(file.externalFiles()).isEmpty();
        assertThat(file.inputs()).extracting(OnnxValue::name).containsExactly("features");
        assertThat(file.outputs()).extracting(OnnxValue::name)
            .containsExactly("direction_logits", "confidence", "expected_return");
    }

    @Test
    void bytesThatAreNoProtobufAreAnError() throws IOException {
        byte[] whole = bundled();

        assertThatIOException().isThrownBy(() -> OnnxFile.read(new byte[] { 1, 2, 3, 4, 0, 0 }));
        assertThatIOException().isThrownBy(() -> OnnxFile.read(Arrays.copyOf(whole, whole.length / 2)));
    }

    @Test
    void graphsNestedWithoutEndAreAnErrorAndNotAnOverflow() {
        byte[] nested = new byte[0];
        for (int level = 0; level < 5_000; level++) {
            nested = within(1, within(5, within(6, nested)));
        }
        byte[] bytes = within(7, nested);

        assertThatIOException().isThrownBy(() -> OnnxFile.read(bytes)).withMessageContaining("nested");
    }

    /** A message in a field of another, with a length of three bytes. */
    private static byte[] within(int field, byte[] message) {
        byte[] outer = new byte[message.length + 4];
        outer[0] = (byte) ((field << 3) | 2);
        outer[1] = (byte) ((message.length & 0x7f) | 0x80);
        outer[2] = (byte) (((message.length >> 7) & 0x7f) | 0x80);
        outer[3] = (byte) ((message.length >> 14) & 0x7f);
        System.arraycopy(message, 0, outer, 4, message.length);
        return outer;
    }

    private static byte[] bundled() throws IOException {
        return Files.readAllBytes(Path.of("models/hybrid_cnn_lstm/20251114_192715/model.onnx"));
    }

    private static OnnxFile read(String name) throws IOException {
        return OnnxFile.read(Files.readAllBytes(Path.of("src/test/resources/onnx", name + ".onnx")));
    }

}
