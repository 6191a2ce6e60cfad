package io.modelserver.engine.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A graph with an input of every datatype, which it returns as it is. */
class OnnxDatatypesTest {

    private static final int[] PAIR = { 2 };

    private static final ModelInput FIRST = new ModelInput(List.of(new Tensor(PAIR, new float[] { 1.5f, -2 }),
            new Tensor(PAIR, new double[] { 0.1, Math.PI }), Tensor.of(Datatype.FP16, PAIR, new double[] { 0.5, -4 }),
            new Tensor(PAIR, new long[] { Long.MIN_VALUE, 7 }), new Tensor(PAIR, new int[] { Integer.MAX_VALUE, -7 }),
            new Tensor(PAIR, new boolean[] { true, false }), new Tensor(PAIR, new String[] { "SELL", "цена" })));

    private static final ModelInput SECOND = new ModelInput(List.of(new Tensor(PAIR, new float[] { 3, 4 }),
            new Tensor(PAIR, new double[] { 5, 6 }), Tensor.of(Datatype.FP16, PAIR, new double[] { 7, 8 }),
            new Tensor(PAIR, new long[] { 9, 10 }), new Tensor(PAIR, new int[] { 11, 12 }),
            new Tensor(PAIR, new boolean[] { false, true }), new Tensor(PAIR, new String[] { "", "BUY" })));

    @Test
    void elementsOfEveryDatatypeAreFedAndReadAsTheyAre() throws Exception {
        try (LoadedModel model = load(); ModelInstance instance = model.newInstance()) {
            instance.forward(List.of(SECOND, SECOND, SECOND));
            List<OutputTensor> outputs = instance.forward(List.of(FIRST, SECOND));

            assertThat(outputs).extracting((output) -> output.tensor().datatype()).containsExactly(Datatype.values());
            assertThat(outputs).allSatisfy((output) -> assertThat(output.tensor().shape()).containsExactly(2, 2));
            assertThat(array(outputs, 0, float[].class)).containsExactly(1.5f, -2, 3, 4);
            assertThat(array(outputs, 1, double[].class)).containsExactly(0.1, Math.PI, 5, 6);
            assertThat(outputs.get(2).tensor().floats()).containsExactly(0.5f, -4, 7, 8);
            assertThat(array(outputs, 3, long[].class)).containsExactly(Long.MIN_VALUE, 7, 9, 10);
            assertThat(array(outputs, 4, int[].class)).containsExactly(Integer.MAX_VALUE, -7, 11, 12);
            assertThat(array(outputs, 5, boolean[].class)).containsExactly(true, false, false, true);
            assertThat(array(outputs, 6, String[].class)).containsExactly("SELL", "цена", "", "BUY");
        }
    }

    @Test
    void theFileSaysWhichDatatypesItTakesAndReturns() throws Exception {
        try (LoadedModel model = load()) {
            assertThat(model.signature().inputs()).extracting(ModelSignature.Input::datatype)
                .containsExactly(Datatype.values());
            assertThat(model.signature().outputs()).extracting(ModelSignature.Output::datatype)
                .containsExactly(Datatype.values());
        }
    }

    private static <A> A array(List<OutputTensor> outputs, int position, Class<A> type) {
        return outputs.get(position).tensor().array(type);
    }

    private static LoadedModel load() throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of("src/test/resources/onnx/datatypes.onnx"));
        return new OnnxModelLoader(1).load(new ModelArtifact(new ModelId("datatypes", "1"), bytes));
    }

}
