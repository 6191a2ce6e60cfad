package io.modelserver.registry.load;

import java.nio.file.Path;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Models whose metadata says that values may be missing, in the real engines. */
class MissingValueCheckTest {

    private static final String ALLOWED = "{\"input_shape\": [4], \"missing\": \"allowed\"}";

    @TempDir
    Path registry;

    @Test
    void aTreeThatKnowsWhatToDoWithMissingValuesIsServed() throws Exception {
        DoubtfulModel tree = DoubtfulModel.onnx(registry, "tree-missing").with(ALLOWED);

        assertThat(tree.answer(Float.NaN, 0, 0, 0).direction()).isEqualTo(Direction.SELL);
        assertThat(tree.answer(1, Float.NaN, Float.NaN, Float.NaN).direction()).isEqualTo(Direction.BUY);
    }

    @Test
    void aModelThatAnswersThemWithNaNIsRefused() {
        DoubtfulModel linear = DoubtfulModel.onnx(registry, "linear");

        assertThatCode(linear::serve).doesNotThrowAnyException();
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(linear.with(ALLOWED)::serve)
            .withMessageContaining(
                    "metadata.json says \"missing\": \"allowed\", but where values are missing (NaN), the "
                            + "model answers NaN or Infinity; take out \"missing\"");
    }

    @Test
    void aGoldenSampleMayLackValuesWhereTheyMayBeMissing() throws Exception {
        String sample = "{\"inputs\": {\"features\": [null, 0, 0, 0]}, \"prediction\": {\"direction\": \"%s\"}}";
        DoubtfulModel tree = DoubtfulModel.onnx(registry, "tree-missing").with(ALLOWED);

        assertThatCode(tree.sample(sample.formatted("SELL"))::serve).doesNotThrowAnyException();
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(tree.sample(sample.formatted("BUY"))::serve)
            .withMessageContaining("the golden sample is not reproduced");
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(tree.with("{\"input_shape\": [4]}").sample(sample.formatted("SELL"))::serve)
            .withMessageContaining("numbers are missing");
    }

}
