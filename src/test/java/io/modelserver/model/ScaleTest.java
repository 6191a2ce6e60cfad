package io.modelserver.model;

import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ScaleTest {

    private static final Scale TWO = new Scale(new double[] { 1, 10 }, new double[] { 2, 0.1 }, 0);

    @Test
    void eachFeatureIsScaledByItsOwnNumbersAlongTheLastAxis() {
        Tensor window = new Tensor(new int[] { 2, 2 }, new float[] { 3, 10, Float.NaN, 11 });

        Tensor scaled = TWO.apply(window);

        assertThat(scaled.shape()).containsExactly(2, 2);
        assertThat(scaled.values()).containsExactly(1, 0, Float.NaN, 10);
        assertThat(window.values()).as("is not changed").containsExactly(3, 10, Float.NaN, 11);
    }

    @Test
    void oneScaleMayBeThatOfAllFeatures() {
        assertThat(new Scale(new double[] { 1 }, new double[] { 2 }, -1).apply(Tensors.vector(1, 3, 5)).values())
            .containsExactly(-1, 0, 1);
    }

    @Test
    void numbersAreRoundedOnce() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            double mean = 1e5 * random.nextGaussian();
            double std = Math.exp(5 * random.nextGaussian());
            float number = (float) (mean + std * random.nextGaussian());

            assertThat(
                    new Scale(new double[] { mean }, new double[] { std }, 0).apply(Tensors.vector(number)).values()[0])
                .isEqualTo((float) ((number - mean) / std));
        }
    }

    @Test
    void doublesStayDoubles() {
        Tensor scaled = TWO.apply(new Tensor(new int[] { 2 }, new double[] { 1 + 1e-12, 10 }));

        assertThat(scaled.array(double[].class)[0]).isEqualTo((1 + 1e-12 - 1) / 2);
        assertThat(TWO.apply(Tensor.of(Datatype.FP16, new int[] { 2 }, new double[] { 3, 10 })).floats())
            .containsExactly(1, 0);
    }

    @ParameterizedTest
    @CsvSource({ "3e38, 10, -1", "1, 3e38, 1", "1, -3e38, 1", "1, 3e37, -1", "1, NaN, -1" })
    void aNumberThatGetsTooLargeIsFound(float first, float second, int position) {
        assertThat(TWO.firstTooLarge(Tensors.vector(first, second))).isEqualTo(position);
    }

    @Test
    void whatCantBeDividedOrFittedIsRefused() {
        double[] one = { 1 };
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(one, new double[] { 0 }, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(one, new double[] { -1 }, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(one, new double[] { Double.NaN }, 0));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new Scale(one, new double[] { Double.POSITIVE_INFINITY }, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(new double[] { Double.NaN }, one, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(one, new double[] { 1, 1 }, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Scale(one, one, 1e300));
        assertThatIllegalArgumentException().isThrownBy(() -> TWO.apply(Tensors.vector(1, 2, 3, 4)))
            .withMessage("a scale of 2 features is not for the shape [4]");
        assertThatIllegalArgumentException().isThrownBy(() -> new Scaling(null, Map.of()));
    }

}
