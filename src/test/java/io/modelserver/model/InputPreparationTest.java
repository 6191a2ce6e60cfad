package io.modelserver.model;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class InputPreparationTest {

    private static final List<TensorSpec> INPUTS = List.of(new TensorSpec("features", List.of(2)),
            new TensorSpec("raw_lob", List.of(1, 2)));

    private static final Scale HALF = new Scale(new double[] { 0 }, new double[] { 2 }, 0);

    private static final Scale TENTH = new Scale(new double[] { 0 }, new double[] { 10 }, 0);

    @Test
    void aSymbolHasAScaleOfItsOwnOrTheCommonOne() {
        InputPreparation preparation = new InputPreparation(false,
                Map.of("features", new Scaling(HALF, Map.of("BTCUSDT", TENTH))));

        assertThat(features(preparation, "BTCUSDT")).containsExactly(1, 2);
        assertThat(features(preparation, "btcusdt")).containsExactly(5, 10);
        assertThat(features(preparation, null)).containsExactly(5, 10);
        assertThat(preparation.problem(null)).isEmpty();
        assertThat(preparation.anySymbol()).isNull();
    }

    @Test
    void withoutACommonScaleOtherSymbolsHaveNone() {
        InputPreparation preparation = new InputPreparation(false,
                Map.of("features", new Scaling(null, Map.of("BTCUSDT", TENTH, "ADAUSDT", HALF)), "raw_lob",
                        new Scaling(null, Map.of("BTCUSDT", TENTH))));

        assertThat(preparation.problem("BTCUSDT")).isEmpty();
        assertThat(preparation.problem("XRPUSDT")).hasValueSatisfying(
                (sentence) -> assertThat(sentence).contains("is by symbol and has none for 'XRPUSDT', only "));
        assertThat(preparation.problem(null))
            .hasValueSatisfying((sentence) -> assertThat(sentence).contains("has none without a symbol, only "));
        assertThat(preparation.anySymbol()).as("the only one that all inputs have").isEqualTo("BTCUSDT");
        assertThatIllegalArgumentException().isThrownBy(() -> features(preparation, "XRPUSDT"));
    }

    @Test
    void otherInputsAreLeftAlone() {
        ModelInput input = input("BTCUSDT");

        ModelInput scaled = new InputPreparation(false, Map.of("raw_lob", new Scaling(TENTH, Map.of()))).scaled(INPUTS,
                input);

        assertThat(scaled.tensors().getFirst()).isSameAs(input.tensors().getFirst());
        assertThat(scaled.tensors().get(1).values()).containsExactly(3, 4);
        assertThat(scaled.symbol()).isEqualTo("BTCUSDT");
        assertThat(InputPreparation.NONE.scaled(INPUTS, input)).isSameAs(input);
    }

    private static float[] features(InputPreparation preparation, @Nullable String symbol) {
        return preparation.scaled(INPUTS, input(symbol)).tensors().getFirst().values();
    }

    private static ModelInput input(@Nullable String symbol) {
        return new ModelInput(List.of(Tensors.vector(10, 20), new Tensor(new int[] { 1, 2 }, new float[] { 30, 40 })),
                symbol);
    }

}
