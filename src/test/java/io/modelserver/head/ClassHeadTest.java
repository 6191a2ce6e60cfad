package io.modelserver.head;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.modelserver.model.Tensors.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class ClassHeadTest {

    private final ClassHead head = new ClassHead(metadata(List.of(), Map.of()));

    @Test
    void aTupleIsReadByPosition() {
        List<Reading<Signal>> results = read(head, List.of(unnamed(matrix(2, 3, 0, 0, 1, 5, 0, 0)),
                unnamed(matrix(2, 1, 0.7f, 0.9f)), unnamed(matrix(2, 1, 0.01f, -0.02f))), 2);

        Signal prediction = said(results.get(0));
        assertThat(prediction.direction()).isEqualTo(Direction.BUY);
        assertThat(prediction.confidence()).isEqualTo(0.7f);
        assertThat(prediction.expectedReturn()).isEqualTo(0.01f);
        assertThat(said(results.get(1)).direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void probabilitiesAreTheSoftmaxOfTheLogits() {
        Signal prediction = signal(head, List.of(unnamed(matrix(1, 3, 1, 2, 3))));

        assertThat(Objects.requireNonNull(prediction.probabilities()).sell()).isCloseTo(0.09003057f, within(1e-6f));
        assertThat(Objects.requireNonNull(prediction.probabilities()).hold()).isCloseTo(0.24472848f, within(1e-6f));
        assertThat(Objects.requireNonNull(prediction.probabilities()).buy()).isCloseTo(0.66524094f, within(1e-6f));
    }

    @Test
    void withoutConfidenceAndReturnTheTopProbabilityAndNullAreAnswered() {
        Signal prediction = signal(head, List.of(unnamed(matrix(1, 3, 1, 2, 3))));

        assertThat(prediction.confidence()).isEqualTo(Objects.requireNonNull(prediction.probabilities()).buy());
        assertThat(prediction.expectedReturn()).isNull();
    }

    @Test
    void greatLogitsDoNotOverflow() {
        Signal prediction = signal(head, List.of(unnamed(matrix(1, 3, 3e38f, 0, -3e38f))));

        assertThat(prediction.probabilities()).isEqualTo(new Probabilities(1, 0, 0));
    }

    @Test
    void namedOutputsAreReadByTheirKeys() {
        ClassHead renamed = new ClassHead(
                metadata(List.of(), Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByName("scores"))));

        Signal prediction = signal(renamed, List.of(new OutputTensor("confidence", matrix(1, 1, 0.4f)),
                new OutputTensor("scores", matrix(1, 3, 0, 1, 0))));

        assertThat(prediction.direction()).isEqualTo(Direction.HOLD);
        assertThat(prediction.confidence()).isEqualTo(0.4f);
    }

    @Test
    void classesMayStandInAnotherOrder() {
        ClassHead reversed = new ClassHead(metadata(List.of("BUY", "sell"), Map.of()));

        Signal prediction = signal(reversed, List.of(unnamed(matrix(1, 2, 4, 0))));

        assertThat(prediction.direction()).isEqualTo(Direction.BUY);
        assertThat(Objects.requireNonNull(prediction.probabilities()).hold()).isZero();
    }

    @Test
    void aNumberThatIsNotFiniteFailsItsOwnSampleOnly() {
        List<Reading<Signal>> results = read(head,
                List.of(unnamed(matrix(3, 3, 0, Float.NaN, 1, 0, 1, 0, 0, 0, Float.POSITIVE_INFINITY))), 3);

        assertThat(results.get(0)).isInstanceOf(Reading.Unreadable.class);
        assertThat(results.get(1)).isInstanceOf(Reading.Read.class);
        assertThat(results.get(2)).isInstanceOf(Reading.Unreadable.class);
    }

    @Test
    void outputsOfTheWrongSizeFailEverySample() {
        List<Reading<Signal>> results = read(head, List.of(unnamed(matrix(2, 2, 0, 1, 1, 0))), 2);

        assertThat(results).hasSize(2)
            .allSatisfy((result) -> assertThat(result).isInstanceOfSatisfying(Reading.Unreadable.class,
                    (failure) -> assertThat(failure.reason()).contains("4 numbers").contains("expected 6")));
    }

    @Test
    void anOutputThatTheMetadataMapsMustBeThere() {
        ClassHead mapped = new ClassHead(
                metadata(List.of(), Map.of(OutputRole.CONFIDENCE, new OutputRef.ByPosition(1))));

        assertThat(mapped.mismatch(List.of(unnamed(matrix(1, 3, 0, 0, 1))), 1)).contains("no output for confidence");
    }

    @Test
    void anOutputWhoseNameTheModelLacksIsSaidByName() {
        ClassHead named = new ClassHead(
                metadata(List.of(), Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByName("scores"))));

        assertThat(named.mismatch(List.of(new OutputTensor("direction_logits", matrix(1, 3, 0, 0, 1))), 1))
            .isEqualTo("'outputs' in metadata.json says that direction_logits is the output 'scores', which the model "
                    + "does not return; it returned 'direction_logits'");
    }

    @Test
    void probabilitiesAreTakenAsTheyAre() {
        Signal prediction = signal(mapped(OutputRole.PROBABILITIES),
                List.of(unnamed(matrix(1, 3, 0.9f, 0.07f, 0.03f))));

        assertThat(prediction.probabilities()).isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
        assertThat(prediction.confidence()).isEqualTo(0.9f);
    }

    @Test
    void aRowThatIsNoProbabilitiesFailsItsOwnSampleOnly() {
        List<Reading<Signal>> results = read(mapped(OutputRole.PROBABILITIES),
                List.of(unnamed(matrix(2, 3, 0.9f, 0.5f, 0.03f, 0.2f, 0.2f, 0.6f))), 2);

        assertThat(results.getFirst()).isEqualTo(new Reading.Unreadable<>(
                "the model's probabilities are [0.9, 0.5, 0.03]: they must not be negative and must sum to 1"));
        assertThat(results.getLast()).isInstanceOf(Reading.Read.class);
    }

    @Test
    void aConfidenceThatRoundingCarriedOverOneIsOne() {
        Signal prediction = signal(head, List.of(unnamed(matrix(1, 3, 0, 0, 1)), unnamed(matrix(1, 1, 1.00001f))));

        assertThat(prediction.confidence()).isEqualTo(1);
    }

    @Test
    void anOutputWhoseFirstAxisIsNotTheBatchFailsEverySample() {
        assertThat(head.mismatch(List.of(unnamed(matrix(3, 2, 0, 1, 0, 1, 0, 1))), 2))
            .startsWith("the first axis of direction_logits is not the batch: its shape is [3, 2] for a batch of 2");
    }

    @Test
    void aBatchOfOneMayLackItsAxis() {
        Tensor squeezed = new Tensor(new int[] { 3 }, new float[] { 0, 0, 1 });
        Tensor scalar = new Tensor(new int[0], new float[] { 0.5f });

        assertThat(head.mismatch(List.of(unnamed(squeezed), unnamed(scalar)), 1)).isNull();
    }

    @Test
    void aDictionaryHasNoPositions() {
        ClassHead byPosition = mapped(OutputRole.DIRECTION_LOGITS);

        assertThat(byPosition.mismatch(
                List.of(new OutputTensor("z", matrix(1, 3, 0, 0, 1)), new OutputTensor("y", matrix(1, 3, 1, 0, 0))), 1))
            .contains("no output for direction_logits", "'z', 'y'", "a dictionary, which has no positions");
    }

    @Test
    void logitsAndProbabilitiesCannotBothBeMapped() {
        Map<OutputRole, OutputRef> both = Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByPosition(0),
                OutputRole.PROBABILITIES, new OutputRef.ByPosition(1));
        ModelMetadata metadata = metadata(List.of(), both);

        assertThatIllegalArgumentException().isThrownBy(() -> new ClassHead(metadata))
            .withMessageContaining("keep one of them");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "UP,DOWN|metadata.json: classes must be of SELL, HOLD and BUY, not UP",
            "BUY|metadata.json: classes must be two or three different directions, not [BUY]",
            "BUY,SELL,buy|metadata.json: classes must be two or three different directions, not [BUY, SELL, BUY]" })
    void classesThatAreNoDirectionsAreRefused(String classes, String reason) {
        ModelMetadata metadata = metadata(List.of(classes.split(",")), Map.of());

        assertThatIllegalArgumentException().isThrownBy(() -> new ClassHead(metadata)).withMessage(reason);
    }

    private static Signal said(Reading<Signal> result) {
        return ((Reading.Read<Signal>) result).answer();
    }

    private static List<Reading<Signal>> read(ClassHead head, List<OutputTensor> outputs, int batchSize) {
        return ModelOutput.perSample(outputs, batchSize).stream().map(head::read).toList();
    }

    private static Signal signal(ClassHead head, List<OutputTensor> outputs) {
        return said(read(head, outputs, 1).getFirst());
    }

    private static ClassHead mapped(OutputRole role) {
        return new ClassHead(metadata(List.of(), Map.of(role, new OutputRef.ByPosition(0))));
    }

    private static OutputTensor unnamed(Tensor tensor) {
        return new OutputTensor(null, tensor);
    }

    private static ModelMetadata metadata(List<String> classes, Map<OutputRole, OutputRef> outputs) {
        return new ModelMetadata(new ModelId("m", "1"), List.of(new TensorSpec("features", List.of(4, 3))), classes,
                outputs, new FeatureNames(List.of()));
    }

}
