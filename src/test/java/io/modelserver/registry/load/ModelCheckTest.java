package io.modelserver.registry.load;

import java.nio.file.Path;
import java.util.Objects;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.head.Reading;
import io.modelserver.signal.Direction;
import io.modelserver.signal.Probabilities;
import io.modelserver.signal.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Models as people have them, in the real engines: served right, or refused with the
 * cure.
 */
class ModelCheckTest {

    private static final String PROBABILITIES = """
            {"input_shape": [4], "outputs": {"probabilities": "probabilities"}}""";

    @TempDir
    Path registry;

    @Test
    void mapsOfClassLabelsAreReadByTheirKeys() throws Exception {
        Signal answer = onnx("tree-zipmap").with(PROBABILITIES).answer(1, 0, 0, 0);

        assertThat(answer.direction()).isEqualTo(Direction.BUY);
        assertThat(answer.probabilities()).isEqualTo(new Probabilities(0.05f, 0.15f, 0.8f));
        assertThat(answer.confidence()).isEqualTo(0.8f);
    }

    @Test
    void mapsWithNumbersForKeysAreReadByTheirKeysToo() throws Exception {
        assertThat(onnx("tree-signs-zipmap").with(PROBABILITIES).answer(-1, 0, 0, 0).probabilities())
            .isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
    }

    @Test
    void theClassLabelsOfTheFileDecideTheOrderOfTheColumns() throws Exception {
        assertThat(onnx("tree-columns").with(PROBABILITIES).answer(-1, 0, 0, 0).probabilities())
            .isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
    }

    @Test
    void classesThatContradictTheLabelsOfTheFileAreRefused() {
        DoubtfulModel.assertThatRefusal(onnx("tree-columns")
            .with("""
                    {"input_shape": [4], "classes": ["SELL", "HOLD", "BUY"], "outputs": {"probabilities": "probabilities"}}"""))
            .contains("order [BUY, HOLD, SELL]", "'classes' in metadata.json says [SELL, HOLD, BUY]");
    }

    @Test
    void labelsThatAreNoDirectionsNeedClasses() throws Exception {
        DoubtfulModel model = onnx("tree-words").with(PROBABILITIES);

        DoubtfulModel.assertThatRefusal(model).contains("[down, flat, up]", "add 'classes' to metadata.json");
        assertThat(model
            .with("""
                    {"input_shape": [4], "classes": ["SELL", "HOLD", "BUY"], "outputs": {"probabilities": "probabilities"}}""")
            .answer(-1, 0, 0, 0)
            .direction()).isEqualTo(Direction.SELL);
    }

    @ParameterizedTest
    @ValueSource(strings = { "chosen-names", "chosen-signs", "chosen-gathered", "chosen-encoded" })
    void theListFromWhichAGraphTakesItsLabelDecidesTheOrderOfTheColumns(String model) throws Exception {
        assertThat(onnx(model).with(PROBABILITIES).answer(1, 0, 0, 0).direction()).isEqualTo(Direction.BUY);
        DoubtfulModel.assertThatRefusal(onnx(model)
            .with("""
                    {"input_shape": [4], "classes": ["SELL", "HOLD", "BUY"], "outputs": {"probabilities": "probabilities"}}"""))
            .contains("'classes' in metadata.json says [SELL, HOLD, BUY]");
    }

    @Test
    void labelsThatTheFileDoesNotExplainNeedClasses() throws Exception {
        DoubtfulModel model = onnx("chosen-unknown").with(PROBABILITIES);

        DoubtfulModel.assertThatRefusal(model)
            .contains("class labels in output 'label'", "add 'classes' to metadata.json");
        assertThat(model
            .with("""
                    {"input_shape": [4], "classes": ["SELL", "HOLD", "BUY"], "outputs": {"probabilities": "probabilities"}}""")
            .answer(1, 0, 0, 0)
            .direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void anOutputOfLabelsIsNotTakenForScores() {
        DoubtfulModel.assertThatRefusal(onnx("tree-signs").with("""
                {"input_shape": [4], "outputs": {"direction_logits": 0}}"""))
            .contains("output 'label' of the model holds class labels, not scores");
    }

    @Test
    void probabilitiesThatAreDeclaredAreAnsweredAsTheyAre() throws Exception {
        assertThat(onnx("tree-signs").with(PROBABILITIES).answer(-1, 0, 0, 0).confidence()).isEqualTo(0.9f);
    }

    @Test
    void anOutputCalledProbabilitiesNeedsNoDeclaration() throws Exception {
        assertThat(onnx("tree-signs").answer(-1, 0, 0, 0).probabilities())
            .isEqualTo(new Probabilities(0.9f, 0.07f, 0.03f));
    }

    @ParameterizedTest
    @ValueSource(strings = { "tree-signs", "tree-signs-zipmap", "tree-zipmap" })
    void probabilitiesThatAreDeclaredAsLogitsAreRefused(String model) {
        DoubtfulModel.assertThatRefusal(onnx(model).with("""
                {"input_shape": [4], "outputs": {"direction_logits": "probabilities"}}"""))
            .contains("holds probabilities", "\"outputs\": {\"probabilities\": \"probabilities\"}");
    }

    @Test
    void aSampleOfRawNumbersDoesNotHideASecondSoftmax() {
        DoubtfulModel
            .assertThatRefusal(torchScript("softmaxed")
                .sample("{\"inputs\": {\"features\": [0, 0, 0, 0]}, \"outputs\": {\"direction_logits\": "
                        + "[0.33333334, 0.33333334, 0.33333334]}}"))
            .contains("holds probabilities", "\"outputs\": {\"probabilities\": 0}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rounded     | direction_logits | holds probabilities   | take the rounding out of the model and declare it
            percentages | direction_logits | holds percentages     | divide it by 100
            rounded     | probabilities    | must sum to 1         | take the rounding out
            percentages | probabilities    | must sum to 1         | divide percentages by 100
            """)
    void roundedProbabilitiesAndPercentagesAreRefused(String model, String role, String cause, String cure) {
        DoubtfulModel
            .assertThatRefusal(
                    torchScript(model).with("{\"input_shape\": [4], \"outputs\": {\"%s\": 0}}".formatted(role)))
            .contains(cause, cure);
    }

    @Test
    void aModelThatAnswersNothingFiniteIsRefused() {
        DoubtfulModel.assertThatRefusal(torchScript("not-finite"))
            .contains("every input on which it was checked", "NaN or Infinity", "a division by 0");
    }

    @Test
    void aModelThatRunsOnPositiveNumbersOnlyIsServed() throws Exception {
        assertThat(torchScript("logarithm").answer(1, 1, 1, 2)).isNotNull();
    }

    @Test
    void logitsThatAreDeclaredAsProbabilitiesAreRefused() {
        DoubtfulModel
            .assertThatRefusal(torchScript("head").with("{\"input_shape\": [4], \"outputs\": {\"probabilities\": 0}}"))
            .contains("must not be negative and must sum to 1", "declare logits as direction_logits");
    }

    @ParameterizedTest
    @ValueSource(strings = { "traced-dropout", "functional-dropout", "counting" })
    void aModelThatAnswersTheSameInputTwiceDifferentlyIsRefused(String model) {
        DoubtfulModel.assertThatRefusal(torchScript(model)).contains("not deterministic", "model.eval()");
    }

    @Test
    void aModelWhoseOutputHasTheBatchAsItsLastAxisIsRefused() {
        DoubtfulModel
            .assertThatRefusal(torchScript("transposed")
                .sample("{\"inputs\": {\"features\": [0, 0, 0, 0]}, \"outputs\": {\"direction_logits\": [0, 0, 0]}}"))
            .contains("the first axis of direction_logits is not the batch", "[3, 8] for a batch of 8");
    }

    @Test
    void aModelWhoseAnswersDependOnWhoSharesTheBatchIsRefused() {
        DoubtfulModel.assertThatRefusal(torchScript("crowded"))
            .contains("depends on what shares its batch", "model.eval()");
    }

    @Test
    void whereNothingIsBatchedABatchIsNotTried() throws Exception {
        assertThat(torchScript("transposed").neverBatched().answer(0, 0, 1, 0)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({ "volatility, confidence", "nested, confidence" })
    void anOutputThatNobodyMappedIsNotGuessedToBeAConfidence(String model, String role) {
        DoubtfulModel.assertThatRefusal(torchScript(model))
            .contains("outside [0, 1]", "nothing says that this output is the " + role, "taken for it by its place",
                    "'outputs' in metadata.json");
    }

    @Test
    void aModelWhoseDirectionIsMappedHasNoConfidenceByPosition() throws Exception {
        Signal answer = torchScript("volatility").with("{\"input_shape\": [4], \"outputs\": {\"direction_logits\": 0}}")
            .answer(1, 1, 1, 1);

        assertThat(answer.confidence()).isEqualTo(Math.max(Objects.requireNonNull(answer.probabilities()).sell(),
                Math.max(Objects.requireNonNull(answer.probabilities()).hold(),
                        Objects.requireNonNull(answer.probabilities()).buy())));
    }

    @Test
    void aReturnInPercentIsRefused() {
        DoubtfulModel.assertThatRefusal(torchScript("percent"))
            .contains("expected_return", "outside [-1, 1]", "fraction of the price");
    }

    @Test
    void aConfidenceOrReturnThatIsImpossibleFailsInTraffic() throws Exception {
        DoubtfulModel model = torchScript("first-feature").with("""
                {"input_shape": [4], "outputs": {"direction_logits": 0, "confidence": 1, "expected_return": 2}}""")
            .sample("{\"inputs\": {\"features\": [0.5, 0.1, 1, 1]}, \"outputs\": {}}");

        assertThat(model.answer(0.5f, 0.1f, 1, 1).confidence()).isEqualTo(0.5f);
        assertThat(model.result(new float[] { 4.3f, 0, 0, 0 }))
            .isEqualTo(new Reading.Unreadable<>("the model's confidence is 4.3, which is outside [0, 1]"));
        assertThat(model.result(new float[] { 0.5f, -2, 0, 0 })).isInstanceOfSatisfying(Reading.Unreadable.class,
                (failure) -> assertThat(failure.reason())
                    .startsWith("the model's expected_return is -2.0, which is outside [-1, 1]"));
    }

    @Test
    void inputsOfAGraphAreFedByName() throws Exception {
        assertThat(bothInputs(onnx("book-first"), "features").direction()).isEqualTo(Direction.SELL);
    }

    @ParameterizedTest
    @ValueSource(strings = { "book-first", "other-self" })
    void argumentsOfTorchScriptAreFedByName(String model) throws Exception {
        assertThat(bothInputs(torchScript(model), "features").direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void argumentsThatHaveNoneOfTheNamesAreFedInTheirOrder() throws Exception {
        assertThat(bothInputs(torchScript("other-names"), "features").direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void namesThatAGraphLacksAreRefused() {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> bothInputs(onnx("book-first"), "prices"))
            .withMessage("the model has no input 'prices', it has [raw_lob, features]: use these names for 'inputs' in "
                    + "metadata.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            linear-int64        | input 'x' of the model takes INT64
            linear-float64      | input 'x' of the model takes FP64
            linear-batch-of-four | the batch axis of input 'x' is fixed at 4
            linear-reshaped     | a Reshape inside the model can't make {1,3} of {8,3}
            linear-ir99         | ONNX IR version 99, this ONNX Runtime reads up to
            linear-opset99      | uses opset 99 of ai.onnx, this ONNX Runtime knows opsets up to
            tree-opset99        | uses opset 99 of ai.onnx.ml, this ONNX Runtime knows opsets up to
            tree-opset99        | export it again with target_opset={"ai.onnx.ml": 5}
            linear-custom       | uses the operator my.bot.ops:FusedGelu
            linear-extensions   | ai.onnx.contrib:StringConcat, which is part of onnxruntime-extensions
            unmapped            | add "outputs": {"direction_logits": "out"} to metadata.json
            regressor           | expected_return is
            regressor           | taken for the expected_return because it is the only one
            unmapped            | for a regressor, which returns one number, add "task": "regression"
            return-of-percent   | divide by 100 in the model
            return-of-percent   | because it is called 'expected_return': rename it
            two-columns         | write "classes": ["SELL", "BUY"] in metadata.json
            noisy               | not deterministic
            """)
    void whatAGraphNeedsAndTheServerLacksIsSaid(String model, String reason) {
        DoubtfulModel.assertThatRefusal(onnx(model)).contains(reason);
    }

    @Test
    void theLinesThatRefusalsOfferMakeTheModelServed() throws Exception {
        assertThat(onnx("unmapped").with("{\"input_shape\": [4], \"outputs\": {\"direction_logits\": \"out\"}}")
            .answer(1, 0, 0, 0)).isNotNull();
        assertThat(onnx("unmapped-zipmap")
            .with("{\"input_shape\": [4], \"outputs\": {\"probabilities\": \"output_probability\"}}")
            .answer(1, 0, 0, 0)
            .direction()).isEqualTo(Direction.BUY);
        assertThat(
                onnx("two-columns").with("{\"input_shape\": [4], \"classes\": [\"SELL\", \"BUY\"]}").answer(1, 0, 0, 0))
            .isNotNull();
    }

    @Test
    void whatTorchScriptNeedsAndTheServerLacksIsSaid() {
        DoubtfulModel.assertThatRefusal(torchScript("with-none"))
            .contains("returns None or something else that is not a tensor");
    }

    @Test
    void anInputOfAnotherWidthIsSaid() {
        DoubtfulModel.assertThatRefusal(onnx("linear").with("{\"input_shape\": [5]}"))
            .contains("input 'x' has other dimensions than the model takes (index: 1 Got: 5 Expected: 4)",
                    "input_shape");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    {"tags": []}                    | input_shape is missing: give it without the batch axis
                    {"signature": {}}               | the server does not take it from 'signature'
                    {"input_shape": [0]}            | must have positive dimensions or -1, not [0]
                    {"inputs": [{"dims": [4]}]}     | inputs[0] has no "shape"; "dims" is not read
                    {"input_shape": [4] /* rows */} | metadata.json is not valid JSON
                    {"input_shape": [4], "task": "regression", "classes": ["SELL", "BUY"]} | contradicts "task": "regression"
                    {"inputs": [{"shape": [4], "datatype": "INT64"}]} | takes FP32, but metadata.json declares INT64
                    {"inputs": [{"shape": [4]}, {"name": "news", "shape": [8]}]} | metadata.json declares [features, news]: declare all of them
                    """)
    void metadataThatIsRefusedIsExplainedWithoutTheWordsOfAProgram(String metadata, String reason) {
        DoubtfulModel.assertThatRefusal(onnx("linear").with(metadata))
            .contains(reason)
            .doesNotContain("Exception", "java.", "Feature");
    }

    @Test
    void aSampleMayStateWhatMustBeAnswered() throws Exception {
        String input = "{\"inputs\": {\"features\": [-1, 0, 0, 0]}, \"prediction\": ";

        assertThat(onnx("tree-signs")
            .sample(input + "{\"direction\": \"sell\", \"confidence\": 0.9, \"probabilities\": {\"BUY\": 0.03}}}")
            .answer(-1, 0, 0, 0)
            .direction()).isEqualTo(Direction.SELL);
        DoubtfulModel.assertThatRefusal(onnx("tree-signs").sample(input + "{\"direction\": \"BUY\"}}"))
            .contains("direction is SELL, sample.json says BUY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    {"confidence": 0.539}            | confidence is 0.9, sample.json says 0.539
                    {"probabilities": {"HOLD": 0.2}} | probabilities.HOLD is 0.07, sample.json says 0.2
                    {"expected_return": 0.01}        | expected_return is null, sample.json says 0.01
                    {"direction": "UP"}              | expected SELL, HOLD or BUY
                    {"confidence": "high"}           | prediction.confidence is not a number
                    {"dir": "BUY"}                   | prediction has 'dir', which checks nothing: it may have direction, confidence
                    {}                               | prediction must be an object with one at least of direction
                    {"probabilities": [0.9]}         | prediction.probabilities must be an object
                    """)
    void anAnswerThatIsNotTheOneOfTheSampleIsRefused(String prediction, String reason) {
        DoubtfulModel
            .assertThatRefusal(onnx("tree-signs")
                .sample("{\"inputs\": {\"features\": [-1, 0, 0, 0]}, \"prediction\": %s}".formatted(prediction)))
            .contains(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "outputs": {"volatility": [9]}       | has none of direction_logits, probabilities, confidence
            "predictions": {"direction": "BUY"}  | has 'predictions', which checks nothing: call it 'prediction'
            "outputs": {"confidence": [0.9]}     | sample.json has confidence, which the model does not return
            "output": {"direction_logits": [9]}  | has 'output', which checks nothing: call it 'outputs'
            """)
    void aSampleThatChecksNothingIsRefused(String checks, String reason) {
        DoubtfulModel
            .assertThatRefusal(
                    onnx("tree-signs").sample("{\"inputs\": {\"features\": [-1, 0, 0, 0]}, %s}".formatted(checks)))
            .contains(reason);
    }

    @Test
    void aSampleMayHaveOtherOutputsBesideThoseThatAreChecked() throws Exception {
        assertThat(onnx("tree-signs")
            .sample("{\"inputs\": {\"features\": [-1, 0, 0, 0]}, \"outputs\": {\"probabilities\": [0.9, 0.07, 0.03], "
                    + "\"volatility\": [9]}, \"comment\": \"\"}")
            .answer(-1, 0, 0, 0)
            .direction()).isEqualTo(Direction.SELL);
    }

    @Test
    void statisticsOfFeaturesThatCannotBeUsedDoNotRefuseAVersion() throws Exception {
        assertThat(onnx("linear").with("{\"input_shape\": [4], \"feature_stats\": [1]}").answer(1, 0, 0, 0).direction())
            .isEqualTo(Direction.SELL);
    }

    /** The features say SELL, the book alone would say BUY. */
    private static Signal bothInputs(DoubtfulModel model, String features) throws Exception {
        Reading<Signal> result = model
            .with("{\"inputs\": [{\"name\": \"%s\", \"shape\": [3]}, {\"name\": \"raw_lob\", \"shape\": [3]}]}"
                .formatted(features))
            .result(new float[] { 1, 0, 0 }, new float[] { 3, 0, 0 });
        return ((Reading.Read<Signal>) result).answer();
    }

    private DoubtfulModel onnx(String name) {
        return DoubtfulModel.onnx(registry, name);
    }

    private DoubtfulModel torchScript(String name) {
        return DoubtfulModel.torchScript(registry, name);
    }

}
