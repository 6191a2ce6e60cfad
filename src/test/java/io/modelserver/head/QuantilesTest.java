package io.modelserver.head;

import java.util.List;

import io.modelserver.model.ModelOutput;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;

import static io.modelserver.model.Tensors.matrix;
import static org.assertj.core.api.Assertions.assertThat;

class QuantilesTest {

    private final Quantiles quantiles = new Quantiles(List.of(0.1, 0.5, 0.9));

    @Test
    void thoseThatCrossAreAnsweredInAscendingOrder() {
        List<OutputTensor> pass = List.of(output(matrix(2, 3, 1, 2, 3, 6, 5, 4)));
        List<ModelOutput> samples = ModelOutput.perSample(pass, 2);

        assertThat(quantiles.of(samples.get(0), 0).floats()).containsExactly(1, 2, 3);
        assertThat(quantiles.of(samples.get(1), 0).floats()).containsExactly(4, 5, 6);
        assertThat(quantiles.median(pass.getFirst(), 1, 2)).isEqualTo(5);
        assertThat(pass.getFirst().tensor().floats()).containsExactly(1, 2, 3, 6, 5, 4);
    }

    @Test
    void theirDatatypeStaysAsItIs() {
        List<OutputTensor> pass = List.of(output(new Tensor(new int[] { 1, 3 }, new double[] { 0.3, 0.1, 0.2 })));

        assertThat(quantiles.of(ModelOutput.perSample(pass, 1).getFirst(), 0).array(double[].class))
            .containsExactly(0.1, 0.2, 0.3);
    }

    @Test
    void thoseThatAlwaysCrossAreInAnotherOrderThanTheLevels() {
        assertThat(quantiles.contradiction(List.of(output(matrix(1, 3, 1, 3, 2)), output(matrix(1, 3, 4, 6, 5)))))
            .startsWith("the quantile of level 0.5 is above that of level 0.9 for every input");
        assertThat(quantiles.contradiction(List.of(output(matrix(1, 3, 1, 3, 2)), output(matrix(1, 3, 4, 5, 6)))))
            .isNull();
    }

    private static OutputTensor output(Tensor tensor) {
        return new OutputTensor("quantiles", tensor);
    }

}
