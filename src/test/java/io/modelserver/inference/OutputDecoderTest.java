package io.modelserver.inference;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static io.modelserver.inference.Tensors.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class OutputDecoderTest {

    private final OutputDecoder decoder = new OutputDecoder(metadata(List.of(Direction.values()), Map.of()));

    @Test
    void aTupleIsReadByPosition() {
        List<InferenceResult> results = decoder.decode(List.of(unnamed(matrix(2, 3, 0, 0, 1, 5, 0, 0)),
                unnamed(matrix(2, 1, 0.7f, 0.9f)), unnamed(matrix(2, 1, 0.01f, -0.02f))), 2);

        assertThat(results.get(0)).isInstanceOfSatisfying(Prediction.class, (prediction) -> {
            assertThat(prediction.direction()).isEqualTo(Direction.BUY);
            assertThat(prediction.confidence()).isEqualTo(0.7f);
            assertThat(prediction.expectedReturn()).isEqualTo(0.01f);
        });
        assertThat(results.get(1)).isInstanceOfSatisfying(Prediction.class,
                (prediction) -> assertThat(prediction.direction()).isEqualTo(Direction.SELL));
    }

    @Test
    void probabilitiesAreTheSoftmaxOfTheLogits() {
        Prediction prediction = (Prediction) decoder.decode(List.of(unnamed(matrix(1, 3, 1, 2, 3))), 1).getFirst();

        assertThat(prediction.probabilities().sell()).isCloseTo(0.09003057f, within(1e-6f));
        assertThat(prediction.probabilities().hold()).isCloseTo(0.24472848f, within(1e-6f));
        assertThat(prediction.probabilities().buy()).isCloseTo(0.66524094f, within(1e-6f));
    }

    @Test
    void withoutConfidenceAndReturnTheTopProbabilityAndNullAreAnswered() {
        Prediction prediction = (Prediction) decoder.decode(List.of(unnamed(matrix(1, 3, 1, 2, 3))), 1).getFirst();

        assertThat(prediction.confidence()).isEqualTo(prediction.probabilities().buy());
        assertThat(prediction.expectedReturn()).isNull();
    }

    @Test
    void greatLogitsDoNotOverflow() {
        Prediction prediction = (Prediction) decoder.decode(List.of(unnamed(matrix(1, 3, 3e38f, 0, -3e38f))), 1)
            .getFirst();

        assertThat(prediction.probabilities()).isEqualTo(new Probabilities(1, 0, 0));
    }

    @Test
    void namedOutputsAreReadByTheirKeys() {
        OutputDecoder renamed = new OutputDecoder(metadata(List.of(Direction.values()),
                Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByName("scores"))));

        Prediction prediction = (Prediction) renamed
            .decode(List.of(new OutputTensor("confidence", matrix(1, 1, 0.4f)),
                    new OutputTensor("scores", matrix(1, 3, 0, 1, 0))), 1)
            .getFirst();

        assertThat(prediction.direction()).isEqualTo(Direction.HOLD);
        assertThat(prediction.confidence()).isEqualTo(0.4f);
    }

    @Test
    void classesMayStandInAnotherOrder() {
        OutputDecoder reversed = new OutputDecoder(metadata(List.of(Direction.BUY, Direction.SELL), Map.of()));

        Prediction prediction = (Prediction) reversed.decode(List.of(unnamed(matrix(1, 2, 4, 0))), 1).getFirst();

        assertThat(prediction.direction()).isEqualTo(Direction.BUY);
        assertThat(prediction.probabilities().hold()).isZero();
    }

    @Test
    void aNumberThatIsNotFiniteFailsItsOwnSampleOnly() {
        List<InferenceResult> results = decoder
            .decode(List.of(unnamed(matrix(3, 3, 0, Float.NaN, 1, 0, 1, 0, 0, 0, Float.POSITIVE_INFINITY))), 3);

        assertThat(results.get(0)).isInstanceOf(InferenceFailure.class);
        assertThat(results.get(1)).isInstanceOf(Prediction.class);
        assertThat(results.get(2)).isInstanceOf(InferenceFailure.class);
    }

    @Test
    void outputsOfTheWrongSizeFailEverySample() {
        List<InferenceResult> results = decoder.decode(List.of(unnamed(matrix(2, 2, 0, 1, 1, 0))), 2);

        assertThat(results).hasSize(2)
            .allSatisfy((result) -> assertThat(result).isInstanceOfSatisfying(InferenceFailure.class,
                    (failure) -> assertThat(failure.reason()).contains("4 numbers").contains("expected 6")));
    }

    @Test
    void anOutputThatTheMetadataMapsMustBeThere() {
        OutputDecoder mapped = new OutputDecoder(
                metadata(List.of(Direction.values()), Map.of(OutputRole.CONFIDENCE, new OutputRef.ByPosition(1))));

        assertThat(mapped.mismatch(List.of(unnamed(matrix(1, 3, 0, 0, 1))), 1)).contains("no output for confidence");
    }

    @Test
    void anOutputWhoseNameTheModelLacksIsSaidByName() {
        OutputDecoder named = new OutputDecoder(metadata(List.of(Direction.values()),
                Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByName("scores"))));

        assertThat(named.mismatch(List.of(new OutputTensor("direction_logits", matrix(1, 3, 0, 0, 1))), 1))
            .isEqualTo("'outputs' in metadata.json says that direction_logits is the output 'scores', which the model "
                    + "does not return; it returned 'direction_logits'");
    }

    @Test
    void probabilitiesAreTakenAsTheyAre() {
        Prediction prediction = (Prediction) mapped(OutputRole.PROBABILITIES)
            .decode(List.of(unnamed(matrix(1, 3, 0.9f, 0.07f, 0.03f))), 1)
            .getFirst();

        assertThat(prediction.probabilities()).isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
        assertThat(prediction.confidence()).isEqualTo(0.9f);
    }

    @Test
    void aRowThatIsNoProbabilitiesFailsItsOwnSampleOnly() {
        List<InferenceResult> results = mapped(OutputRole.PROBABILITIES)
            .decode(List.of(unnamed(matrix(2, 3, 0.9f, 0.5f, 0.03f, 0.2f, 0.2f, 0.6f))), 2);

        assertThat(results.getFirst()).isEqualTo(new InferenceFailure(
                "the model's probabilities are [0.9, 0.5, 0.03]: they must not be negative and must sum to 1"));
        assertThat(results.getLast()).isInstanceOf(Prediction.class);
    }

    @Test
    void aConfidenceThatRoundingCarriedOverOneIsOne() {
        Prediction prediction = (Prediction) decoder
            .decode(List.of(unnamed(matrix(1, 3, 0, 0, 1)), unnamed(matrix(1, 1, 1.00001f))), 1)
            .getFirst();

        assertThat(prediction.confidence()).isEqualTo(1);
    }

    @Test
    void anOutputWhoseFirstAxisIsNotTheBatchFailsEverySample() {
        assertThat(decoder.mismatch(List.of(unnamed(matrix(3, 2, 0, 1, 0, 1, 0, 1))), 2))
            .startsWith("the first axis of direction_logits is not the batch: its shape is [3, 2] for a batch of 2");
    }

    @Test
    void aBatchOfOneMayLackItsAxis() {
        Tensor squeezed = new Tensor(new int[] { 3 }, new float[] { 0, 0, 1 });
        Tensor scalar = new Tensor(new int[0], new float[] { 0.5f });

        assertThat(decoder.mismatch(List.of(unnamed(squeezed), unnamed(scalar)), 1)).isNull();
    }

    @Test
    void aDictionaryHasNoPositions() {
        OutputDecoder byPosition = mapped(OutputRole.DIRECTION_LOGITS);

        assertThat(byPosition.mismatch(
                List.of(new OutputTensor("z", matrix(1, 3, 0, 0, 1)), new OutputTensor("y", matrix(1, 3, 1, 0, 0))), 1))
            .contains("no output for direction_logits", "'z', 'y'", "a dictionary, which has no positions");
    }

    @Test
    void logitsAndProbabilitiesCannotBothBeMapped() {
        Map<OutputRole, OutputRef> both = Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByPosition(0),
                OutputRole.PROBABILITIES, new OutputRef.ByPosition(1));
        ModelMetadata metadata = metadata(List.of(), both);

        assertThatIllegalArgumentException().isThrownBy(() -> new OutputDecoder(metadata))
            .withMessageContaining("keep one of them");
    }

    private static OutputDecoder mapped(OutputRole role) {
        return new OutputDecoder(metadata(List.of(), Map.of(role, new OutputRef.ByPosition(0))));
    }

    private static OutputTensor unnamed(Tensor tensor) {
        return new OutputTensor(null, tensor);
    }

    private static ModelMetadata metadata(List<Direction> classes, Map<OutputRole, OutputRef> outputs) {
        return new ModelMetadata(new ModelId("m", "1"), List.of(new TensorSpec("features", List.of(4, 3))), classes,
                outputs, new FeatureNames(List.of()));
    }

}
