package io.modelserver.registry.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.modelserver.head.Reading;
import io.modelserver.model.PlainValues;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

/** Models with every kind of output, from their file to what is answered. */
class OutputKindsTest {

    private static final String RULE = "\"decide\": {\"from\": \"expected_return\", \"buy_above\": 0.005, "
            + "\"sell_below\": -0.005}";

    @TempDir
    Path registry;

    @Test
    void aTreesLabelAndProbabilitiesNeedNoDeclaration() throws Exception {
        Signal answer = model("tree-numbers", "\"classes\": [\"SELL\", \"HOLD\", \"BUY\"]").answer(-1, 0, 0, 0);

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
        assertThat(answer.probabilities()).isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
        assertThat(answer.outputs()).isEmpty();
    }

    @Test
    void theNamesThatConvertersGiveAreKnown() throws Exception {
        assertThat(model("tree-output-names", "\"tags\": []").answer(-1, 0, 0, 0).probabilities())
            .isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
    }

    @Test
    void classesMayMapTheModelsOwnLabels() throws Exception {
        String classes = "\"classes\": {\"-1\": \"BUY\", \"0\": \"HOLD\", \"1\": \"SELL\"}";

        assertThat(model("tree-signs", classes).answer(-1, 0, 0, 0).probabilities())
            .isEqualTo(new Probabilities(0.03f, 0.07f, 0.9f));
        assertThat(model("tree-signs-zipmap", classes).answer(-1, 0, 0, 0).direction()).isEqualTo(Direction.BUY);
        assertThat(model("label-signs", classes).answer(-1, 0, 0, 0).direction()).isEqualTo(Direction.BUY);
    }

    @Test
    void aLabelAloneHasNeitherConfidenceNorProbabilities() throws Exception {
        Signal answer = model("label-signs", "\"tags\": []").answer(-1, 0, 0, 0);

        assertThat(answer).isEqualTo(new Signal(Direction.SELL, null, null, null, Map.of()));
        assertThat(model("label-words", "\"classes\": {\"down\": \"SELL\", \"flat\": \"HOLD\", \"up\": \"BUY\"}")
            .answer(1, 0, 0, 0)
            .direction()).isEqualTo(Direction.BUY);
    }

    @Test
    void theNumberOfTheBestColumnIsALabelToo() throws Exception {
        DoubtfulModel model = model("label-argmax", "\"classes\": {\"0\": \"SELL\", \"1\": \"HOLD\", \"2\": \"BUY\"}");

        DoubtfulModel.assertThatRefusal(model).contains("the label '3'", "add it to 'classes'");
        model.sample("{\"inputs\": {\"features\": [0, 1, 1, 0]}}, {\"inputs\": {\"features\": [0, 1, 1.1, 0]}}");
        assertThat(model.answer(0, 1, 1, 0).direction()).isEqualTo(Direction.HOLD);
        assertThat(((Reading.Unreadable<Signal>) model.result(new float[] { 1, 0, 0, 0 })).reason())
            .contains("the label '3'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    label-words    | "tags": []                                | [down, flat, up]
                    label-words    | "classes": {"down": "SELL", "up": "BUY"}  | but 'classes' in metadata.json maps [down, up]
                    label-signs    | "decide": {"hold_below": 0.5}             | needs probabilities
                    chosen-unknown | "classes": ["BUY", "HOLD", "SELL"]        | highest for
                    sigmoids       | "tags": []                                | between 0 and 1 only, as a sigmoid makes them
                    sigmoids       | "outputs": {"probabilities": "logits"}    | must sum to 1
                    both-scores    | "tags": []                                | may both hold the scores
                    two-returns    | "tags": []                                | say which column it is
                    one-return     | "task": "direction"                       | "task": "regression"
                    one-return     | "classes": ["SELL", "BUY"], "task": "regression" | contradicts "task": "regression"
                    one-return     | "decide": {"from": "momentum", "buy_above": 0.1}  | decide.from is 'momentum'
                    one-return     | "outputs": {"expected_return": {"output": "variable", "column": 1}} | column 1 of an output
                    one-return     | "outputs": {"drawdown": "excursion"}      | drawdown is the output 'excursion', which the model
                    quantiles      | "outputs": {"quantiles": {"output": 0, "levels": [0.1, 0.9]}} | expected 2: one per level
                    quantiles      | "outputs": {"quantiles": {"output": 0, "levels": [0.9, 0.1]}} | ascending numbers between
                    logits         | "decide": {"buy_above": 0.1}              | and 'decide' in metadata.json makes a direction of a number
                    logits         | "decide": {"buy_above": 0.1, "hold_below": 0.5} | decide must be
                    logits         | "decide": {"buy_above": 0, "sell_below": 1} | numbers between them would be both
                    logits         | "outputs": {"direction": 0}               | must say what its numbers are
                    logits         | "task": "raw", "decide": {"hold_below": 0.6} | contradicts "task": "raw"
                    crowd          | "outputs": {"memory": "state"}            | the first axis of memory is not the batch
                    crowd          | "outputs": {"dump": "dump"}               | has 1025 elements for each sample, at most 1024
                    """)
    void whatCannotBeAnsweredRightIsRefusedWithTheCure(String model, String metadata, String reason) {
        DoubtfulModel.assertThatRefusal(model(model, metadata)).contains(reason);
    }

    @Test
    void aSigmoidIsTheProbabilityOfTheSecondClass() throws Exception {
        Signal answer = model("sigmoid", "\"classes\": [\"SELL\", \"BUY\"]").answer(2, 0, 0, 0);

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertThat(answer.confidence()).isCloseTo(0.880797f, within(1e-6f));
        assertThat(answer.probabilities()).satisfies((probabilities) -> {
            assertThat(probabilities.sell()).isCloseTo(0.119203f, within(1e-6f));
            assertThat(probabilities.hold()).isZero();
        });
        DoubtfulModel.assertThatRefusal(model("sigmoid", "\"tags\": []")).contains("\"classes\": [\"SELL\", \"BUY\"]");
    }

    @Test
    void anUnlikelyClassIsNoReasonToAct() throws Exception {
        DoubtfulModel model = model("sigmoid", "\"classes\": [\"SELL\", \"BUY\"], \"decide\": {\"hold_below\": 0.55}");

        assertThat(model.answer(0.1f, 0, 0, 0).direction()).isEqualTo(Direction.HOLD);
        assertThat(model.answer(0.1f, 0, 0, 0).confidence()).isCloseTo(0.5249792f, within(1e-6f));
        assertThat(model.answer(-0.5f, 0, 0, 0).direction()).isEqualTo(Direction.SELL);
        assertThat(model("tree-signs", "\"decide\": {\"hold_below\": 0.85}").answer(1, 0, 0, 0).direction())
            .isEqualTo(Direction.HOLD);
    }

    @Test
    void logitsAreKnownByTheirNameAndByTheirKind() throws Exception {
        assertThat(model("logits", "\"tags\": []").answer(0, 1, 1, 0).direction()).isEqualTo(Direction.HOLD);
        assertThat(model("sigmoids", "\"outputs\": {\"direction\": {\"output\": \"logits\", \"kind\": \"logits\"}}")
            .answer(0, 1, 1, 0)
            .direction()).isEqualTo(Direction.HOLD);
    }

    @Test
    void aRegressorSaysWhatItExpectsAndNoDirection() throws Exception {
        assertThat(model("one-return", "\"tags\": []").answer(1, 0, 0, 0))
            .isEqualTo(new Signal(null, null, 0.01f, null, Map.of()));
    }

    @ParameterizedTest
    @CsvSource({ "1, BUY", "-1, SELL", "0.5, HOLD" })
    void aRuleMakesADirectionOfANumber(float feature, Direction direction) throws Exception {
        Signal answer = model("one-return", RULE).answer(feature, 0, 0, 0);

        assertThat(answer.direction()).isEqualTo(direction);
        assertThat(answer.confidence()).isNull();
        assertThat(answer.probabilities()).isNull();
    }

    @Test
    void columnsAreTargetsByName() throws Exception {
        Signal answer = model("two-returns", """
                "outputs": {"expected_return": {"output": "variable", "column": 0},
                            "max_adverse": {"output": "variable", "column": 1}}, %s""".formatted(RULE)).answer(1, 0, 0,
                0);

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertThat(answer.expectedReturn()).isEqualTo(0.01f);
        assertThat(outputs(answer)).containsExactly(entry("max_adverse", -0.01f));
    }

    @Test
    void anyNumberMayDecide() throws Exception {
        Signal answer = model("two-returns",
                """
                        "outputs": {"momentum": {"position": 0, "column": 1}}, "decide": {"from": "momentum", "sell_below": 0}""")
            .answer(1, 0, 0, 0);

        assertThat(answer.direction()).isEqualTo(Direction.SELL);
        assertThat(answer.expectedReturn()).isNull();
        assertThat(outputs(answer)).containsExactly(entry("momentum", -0.01f));
    }

    @Test
    void theMedianIsTheExpectedReturn() throws Exception {
        Signal answer = model("quantiles",
                "\"outputs\": {\"quantiles\": {\"output\": \"variable\", \"levels\": [0.1, 0.5, 0.9]}}, " + RULE)
            .answer(-1, 0, 0, 0);

        assertThat(answer.expectedReturn()).isEqualTo(0.01f);
        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertThat(outputs(answer)).containsExactly(entry("quantiles", List.of(-0.01f, 0.01f, 0f)));
    }

    @Test
    void aRawModelIsAnsweredByTheNamesOfItsOutputs() throws Exception {
        Signal answer = model("raw", "\"task\": \"raw\"").answer(1, 0, 0, 0);

        assertThat(answer.direction()).isNull();
        assertThat(outputs(answer)).containsExactly(entry("embedding", List.of(1f, -1f)), entry("regime", 3L));
        assertThat(outputs(model("raw", "\"task\": \"raw\", \"outputs\": {\"market\": 1, \"embedding\": null}")
            .answer(1, 0, 0, 0))).containsExactly(entry("market", 3L));
    }

    @Test
    void outputsThatNobodyAskedForArePassedOnUnlessTheyCannotBeSharedOut() throws Exception {
        Signal answer = model("crowd", "\"tags\": []").answer(0, 1, 1, 0);

        assertThat(answer.direction()).isEqualTo(Direction.HOLD);
        assertThat(outputs(answer)).containsExactly(entry("volatility", (float) Math.E));
        assertThat(model("crowd", "\"outputs\": {\"volatility\": null}").answer(0, 1, 1, 0).outputs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "outputs": {"label": [-1]}                           | true
            "outputs": {"label": -1, "probabilities": [0.9, 0.07, 0.03]} | true
            "outputs": {"label": [1]}                            | label[0] is -1, sample.json says 1.0
            """)
    void aSampleMayStateTheLabel(String checks, String reason) {
        DoubtfulModel model = model("tree-signs", "\"tags\": []")
            .sample("{\"inputs\": {\"features\": [-1, 0, 0, 0]}, %s}".formatted(checks));

        assertThatReason(model, reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "outputs": {"expected_return": [0.01], "max_adverse": [-0.01]}  | true
            "outputs": {"max_adverse": [-0.011]}                 | max_adverse[0] is -0.01, sample.json says -0.011
            "outputs": {"variable": [0.01, -0.01]}               | so that it checks nothing
            "prediction": {"direction": "BUY", "expected_return": 0.01, "outputs": {"max_adverse": -0.01}} | true
            "prediction": {"outputs": {"max_adverse": 1}}        | outputs.max_adverse[0] is -0.01, sample.json says 1.0
            "prediction": {"outputs": {"maximum": 1}}            | outputs.maximum is missing
            """)
    void aSampleMayStateTargets(String checks, String reason) {
        assertThatReason(model("two-returns", """
                "outputs": {"expected_return": {"output": "variable", "column": 0},
                            "max_adverse": {"output": "variable", "column": 1}}, %s""".formatted(RULE))
            .sample("{\"inputs\": {\"features\": [1, 0, 0, 0]}, %s}".formatted(checks)), reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "outputs": {"embedding": [1, -1], "regime": 3}   | true
            "outputs": {"regime": [2]}                       | regime[0] is 3, sample.json says 2.0
            "outputs": {"embedding": [1]}                    | 1 numbers for embedding, the model returned 2
            """)
    void aSampleMayStateNamedOutputs(String checks, String reason) {
        assertThatReason(model("raw", "\"task\": \"raw\"")
            .sample("{\"inputs\": {\"features\": [1, 0, 0, 0]}, %s}".formatted(checks)), reason);
    }

    private static void assertThatReason(DoubtfulModel model, String reason) {
        if (reason.equals("true")) {
            assertThatNoException().isThrownBy(model::serve);
        }
        else {
            DoubtfulModel.assertThatRefusal(model).contains(reason);
        }
    }

    private static Map<String, @Nullable Object> outputs(Signal answer) {
        return PlainValues.of(answer.outputs());
    }

    private DoubtfulModel model(String name, String metadata) {
        return DoubtfulModel.onnx(registry, name).with("{\"input_shape\": [4], %s}".formatted(metadata));
    }

}
