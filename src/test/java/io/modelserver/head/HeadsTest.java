package io.modelserver.head;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.modelserver.model.AnswerRules;
import io.modelserver.model.Datatype;
import io.modelserver.model.Decision;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.InputPreparation;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.ModelOutput;
import io.modelserver.model.ModelSignature;
import io.modelserver.model.OutputRef;
import io.modelserver.model.OutputRole;
import io.modelserver.model.OutputTensor;
import io.modelserver.model.Task;
import io.modelserver.model.Tensor;
import io.modelserver.model.TensorSpec;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.modelserver.model.Tensors.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Heads of models whose file says nothing of its outputs, as most TorchScript. */
class HeadsTest {

    private static final Decision RULE = new Decision.ByNumber("expected_return", 0.01, -0.01);

    @Test
    void aDictionaryIsReadByTheNamesOfConvertersToo() {
        VersionHead head = Heads.of(metadata(Task.DIRECTION, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN);

        Signal signal = said(head, output("logits", matrix(1, 3, 0, 0, 4)), output("ret", matrix(1, 1, 0.5f)));

        assertThat(signal.direction()).isEqualTo(Direction.BUY);
        assertThat(signal.outputs()).containsOnlyKeys("ret");
    }

    @Test
    void whereOutputsAreMentionedTheSecondOfATupleIsNoConfidence() {
        VersionHead head = Heads.of(
                metadata(Task.DIRECTION, Map.of(), rules(Map.of("volatility", new OutputRef.ByPosition(1)), null)),
                ModelSignature.UNKNOWN);

        Signal signal = said(head, output(null, matrix(1, 3, 4, 0, 0)), output(null, matrix(1, 1, 0.5f)));

        assertThat(signal.confidence()).isGreaterThan(0.9f);
        assertThat(part(signal, "volatility").floats()).containsExactly(0.5f);
    }

    @Test
    void aLogitOfTheSecondClassIsReadAsOne() {
        ModelMetadata metadata = new ModelMetadata(new ModelId("m", "1"), List.of(new TensorSpec("x", List.of(4))),
                List.of("SELL", "BUY"), Map.of(OutputRole.DIRECTION_LOGITS, new OutputRef.ByPosition(0)),
                new FeatureNames(List.of()));

        assertThat(said(Heads.of(metadata, ModelSignature.UNKNOWN), output(null, matrix(1, 1, 0))).confidence())
            .isEqualTo(0.5f);
    }

    @Test
    void aRuleNeedsItsNumber() {
        VersionHead head = Heads.of(metadata(Task.REGRESSION, Map.of(), rules(Map.of(), RULE)), ModelSignature.UNKNOWN);

        assertThat(head.mismatch(List.of(output("a", matrix(1, 1, 0)), output("b", matrix(1, 1, 0))), 1))
            .startsWith("decide.from is expected_return, which no output is; the model returned 'a', 'b'");
        assertThat(said(head, output(null, matrix(1, 1, 0.02f))).direction()).isEqualTo(Direction.BUY);
    }

    @Test
    void aBoundIsNoReasonToAct() {
        VersionHead head = Heads.of(metadata(Task.REGRESSION, Map.of(), rules(Map.of(), RULE)), ModelSignature.UNKNOWN);

        assertThat(said(head, output(null, matrix(1, 1, 0.01f))).direction()).isEqualTo(Direction.HOLD);
        assertThat(said(head, output(null, matrix(1, 1, -0.01f))).direction()).isEqualTo(Direction.HOLD);
    }

    @Test
    void whatIsNotFiniteFailsOnlyWhereItIsMentioned() {
        AnswerRules mentioned = rules(Map.of("volatility", new OutputRef.ByName("vol")), null);
        OutputTensor logits = output("direction_logits", matrix(1, 3, 0, 0, 1));
        OutputTensor volatility = output("vol", matrix(1, 1, Float.NaN));

        assertThat(read(Heads.of(metadata(Task.DIRECTION, Map.of(), mentioned), ModelSignature.UNKNOWN), logits,
                volatility))
            .isEqualTo(new Reading.Unreadable<>("the model answered with a number that is not finite in 'volatility'"));
        assertThat(said(Heads.of(metadata(Task.DIRECTION, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN),
                logits, volatility)
            .outputs()).containsOnlyKeys("vol");
    }

    @Test
    void whatARawModelReturnsMustBeFiniteUnlessOtherOutputsAreMentioned() {
        OutputTensor volatility = output("vol", matrix(1, 1, Float.NaN));
        OutputTensor other = output("other", matrix(1, 1, 1));

        assertThat(read(Heads.of(metadata(Task.RAW, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN),
                volatility, other))
            .isEqualTo(new Reading.Unreadable<>("the model answered with a number that is not finite in 'vol'"));
        assertThat(said(Heads.of(metadata(Task.RAW, Map.of(), rules(Map.of("b", new OutputRef.ByName("other")), null)),
                ModelSignature.UNKNOWN), volatility, other)
            .outputs()).containsOnlyKeys("b", "vol");
    }

    @Test
    void whatIsTooLargeToBeCopiedIsNotGivenToCallersWhoWantTensors() {
        VersionHead head = Heads.of(metadata(Task.DIRECTION, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN);

        assertThat(head
            .returned(List.of(output("logits", matrix(1, 3, 0, 0, 1)), OutputTensor.withheld("dump", 1, 70_000))))
            .containsExactly(new VersionHead.ReturnedOutput("logits", 0));
    }

    @Test
    void aTieBetweenDirectionsIsNoReasonToAct() {
        VersionHead head = Heads.of(metadata(Task.DIRECTION, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN);

        assertThat(said(head, output("logits", matrix(1, 3, 0, 0, 0))).direction()).isEqualTo(Direction.HOLD);
        assertThat(said(head, output("logits", matrix(1, 3, 2, 0, 2))).direction()).isEqualTo(Direction.HOLD);
        assertThat(said(head, output("logits", matrix(1, 3, 2, 2, 0))).direction()).isEqualTo(Direction.HOLD);
        assertThat(said(head, output("logits", matrix(1, 3, 2, 1, 2.001f))).direction()).isEqualTo(Direction.BUY);
    }

    @Test
    void eachSampleGetsItsOwnPart() {
        VersionHead head = Heads.of(metadata(Task.RAW, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN);
        List<OutputTensor> pass = List.of(output("a", matrix(2, 2, 1, 2, 3, 4)),
                output("b", new Tensor(new int[] { 2 }, new long[] { 5, 6 })));

        Signal second = ((Reading.Read<Signal>) head.read(ModelOutput.perSample(pass, 2).get(1))).answer();

        assertThat(second.direction()).isNull();
        assertThat(part(second, "a").floats()).containsExactly(3, 4);
        assertThat(part(second, "b").array(long[].class)).containsExactly(6);
    }

    @Test
    void aTupleWithoutNamesIsNoRawAnswer() {
        VersionHead head = Heads.of(metadata(Task.RAW, Map.of(), rules(Map.of(), null)), ModelSignature.UNKNOWN);

        assertThat(head.mismatch(List.of(output(null, matrix(1, 1, 0))), 1))
            .contains("name in 'outputs' in metadata.json what is to be answered");
    }

    @Test
    void labelsThatSayWhatTheyMeanMustAgreeWithScoresInAnotherOrder() {
        VersionHead head = Heads.of(metadata(Task.DIRECTION, Map.of(), rules(Map.of(), null)),
                new ModelSignature(List.of(),
                        List.of(new ModelSignature.Output("label", ModelSignature.Kind.LABELS,
                                List.of("SELL", "HOLD", "BUY"), Datatype.BYTES),
                                new ModelSignature.Output("probabilities", ModelSignature.Kind.NUMBERS,
                                        List.of("BUY", "HOLD", "SELL"), Datatype.FP32)),
                        List.of()));
        OutputTensor scores = new OutputTensor("probabilities",
                new Tensor(new int[] { 1, 3 }, new float[] { 0.8f, 0.1f, 0.1f }));

        assertThat(head.contradiction(List.of(List.of(label("BUY"), scores)))).isNull();
        assertThat(head.contradiction(List.of(List.of(label("SELL"), scores))))
            .startsWith("the model labels an input 'SELL', which is SELL, but its scores are the highest for BUY");
    }

    private static OutputTensor label(String text) {
        return new OutputTensor("label", new Tensor(new int[] { 1 }, new String[] { text }));
    }

    @Test
    void aLabelCalledAsADirectionMeansIt() {
        AnswerRules swapped = new AnswerRules(false, Map.of("BUY", "SELL", "SELL", "BUY"), Map.of(), Set.of(),
                List.of(), null);

        assertThatIllegalArgumentException()
            .isThrownBy(() -> Heads.of(metadata(Task.DIRECTION, Map.of(), swapped), ModelSignature.UNKNOWN))
            .withMessageContaining("a label that is called as a direction must mean it");
    }

    @Test
    void aLabelNeedsAMeaning() {
        ModelMetadata metadata = metadata(Task.DIRECTION, Map.of(OutputRole.LABEL, new OutputRef.ByPosition(0)),
                rules(Map.of(), null));

        assertThatIllegalArgumentException().isThrownBy(() -> Heads.of(metadata, ModelSignature.UNKNOWN))
            .withMessageContaining("make 'classes' in metadata.json a map from the labels");
    }

    private static Reading<Signal> read(VersionHead head, OutputTensor... outputs) {
        return head.read(ModelOutput.perSample(List.of(outputs), 1).getFirst());
    }

    private static Signal said(VersionHead head, OutputTensor... outputs) {
        return ((Reading.Read<Signal>) read(head, outputs)).answer();
    }

    private static Tensor part(Signal signal, String output) {
        return Objects.requireNonNull(signal.outputs().get(output));
    }

    private static OutputTensor output(@Nullable String name, Tensor tensor) {
        return new OutputTensor(name, tensor);
    }

    private static AnswerRules rules(Map<String, OutputRef> named, @Nullable Decision decision) {
        return new AnswerRules(false, Map.of(), named, Set.of(), List.of(), decision);
    }

    private static ModelMetadata metadata(Task task, Map<OutputRole, OutputRef> outputs, AnswerRules rules) {
        return new ModelMetadata(new ModelId("m", "1"), task, List.of(new TensorSpec("x", List.of(4))), List.of(),
                outputs, new FeatureNames(List.of()), null, rules, InputPreparation.NONE);
    }

}
