package io.modelserver.engine.onnx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.modelserver.engine.InferenceException;
import io.modelserver.engine.LoadedModel;
import io.modelserver.engine.ModelArtifact;
import io.modelserver.engine.ModelInstance;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Memory that passes share shows in none of their answers. */
class OnnxKeptTensorsTest {

    @Test
    void batchesOfChangingSizesAnswerAsOnAFreshInstance() throws Exception {
        try (LoadedModel model = load("linear"); ModelInstance kept = model.newInstance()) {
            for (int pass = 0; pass < 120; pass++) {
                List<ModelInput> batch = batch(4, 1 + pass * 7 % 41, pass);
                try (ModelInstance fresh = model.newInstance()) {
                    assertThat(numbers(kept.forward(batch), 0)).isEqualTo(numbers(fresh.forward(batch), 0));
                }
            }
        }
    }

    @Test
    void anAnswerStaysAsItWasDuringLaterPasses() throws Exception {
        try (LoadedModel model = load("linear"); ModelInstance instance = model.newInstance()) {
            instance.forward(batch(4, 2, 1));
            List<OutputTensor> answer = instance.forward(batch(4, 2, 2));
            float[] before = numbers(answer, 0).clone();

            List<OutputTensor> later = instance.forward(batch(4, 2, 30));

            assertThat(numbers(answer, 0)).isEqualTo(before).isNotEqualTo(numbers(later, 0));
        }
    }

    @Test
    void anOutputThatIsAnInputIsTheOneOfItsOwnPass() throws Exception {
        try (LoadedModel model = load("passed"); ModelInstance instance = model.newInstance()) {
            for (int pass = 1; pass < 4; pass++) {
                List<OutputTensor> outputs = instance.forward(List.of(input(pass, pass, pass)));

                assertThat(numbers(outputs, 0)).containsExactly(pass, pass, pass);
                assertThat(numbers(outputs, 1)).containsExactly(-pass, -pass, -pass);
            }
        }
    }

    @Test
    void anOutputOfAnotherShapeThanTheFileSaysIsReturnedAsItIs() throws Exception {
        try (LoadedModel model = load("misdeclared"); ModelInstance instance = model.newInstance()) {
            assertThat(numbers(instance.forward(List.of(input(1, 0, 0))), 0)).containsExactly(1);
            assertThat(numbers(instance.forward(List.of(input(3, 0, 0))), 0)).containsExactly(3, 3, 3);
            assertThat(numbers(instance.forward(List.of(input(1, 0, 0))), 0)).containsExactly(1);
            assertThat(numbers(instance.forward(List.of(input(2, 0, 0), input(9, 0, 0))), 0)).containsExactly(2, 2);
        }
    }

    @Test
    void aFailedPassChangesNoLaterAnswer() throws Exception {
        List<ModelInput> wide = batch(5, 2, 1);
        try (LoadedModel model = load("linear"); ModelInstance instance = model.newInstance()) {
            float[] before = numbers(instance.forward(batch(4, 2, 1)), 0);

            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(InferenceException.class).isThrownBy(() -> instance.forward(wide))
                    .withMessageStartingWith("the forward pass failed");
            }

            assertThat(numbers(instance.forward(batch(4, 2, 1)), 0)).isEqualTo(before);
        }
    }

    @Test
    void textsOfOnePassAreNotThoseOfTheNext() throws Exception {
        try (LoadedModel model = load("datatypes"); ModelInstance instance = model.newInstance()) {
            for (String text : List.of("BUY", "SELL", "HOLD")) {
                List<OutputTensor> outputs = instance.forward(Collections.nCopies(2, datatypes(text)));

                assertThat(outputs.getLast().tensor().array(String[].class)).containsExactly(text, text, text, text);
            }
        }
    }

    @Test
    void aClosedInstanceCanBeFollowedByAnotherAndClosedTwice() throws Exception {
        try (LoadedModel model = load("linear")) {
            ModelInstance first = model.newInstance();
            float[] before = numbers(first.forward(batch(4, 3, 1)), 0);
            first.close();
            first.close();

            try (ModelInstance second = model.newInstance()) {
                assertThat(numbers(second.forward(batch(4, 3, 1)), 0)).isEqualTo(before);
            }
        }
    }

    private static LoadedModel load(String name) throws Exception {
        Path file = Path.of("src/test/resources/onnx", name + ".onnx");
        return new OnnxModelLoader(1).load(new ModelArtifact(new ModelId(name, "1"), Files.readAllBytes(file)));
    }

    private static float[] numbers(List<OutputTensor> outputs, int position) {
        return outputs.get(position).tensor().values();
    }

    private static ModelInput input(float... values) {
        return new ModelInput(List.of(new Tensor(new int[] { values.length }, values)));
    }

    private static List<ModelInput> batch(int features, int size, int seed) {
        List<ModelInput> batch = new ArrayList<>();
        for (int sample = 0; sample < size; sample++) {
            float[] values = new float[features];
            for (int i = 0; i < features; i++) {
                values[i] = seed * 100 + sample * 10 + i * i;
            }
            values[0] = sample * seed;
            batch.add(input(values));
        }
        return batch;
    }

    private static ModelInput datatypes(String text) {
        int[] pair = { 2 };
        return new ModelInput(List.of(new Tensor(pair, new float[2]), new Tensor(pair, new double[2]),
                Tensor.halves(pair, new short[2]), new Tensor(pair, new long[2]), new Tensor(pair, new int[2]),
                new Tensor(pair, new boolean[2]), new Tensor(pair, new String[] { text, text })));
    }

}
