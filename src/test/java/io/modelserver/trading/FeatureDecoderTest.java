package io.modelserver.trading;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import io.modelserver.front.json.JsonArray;
import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.JsonSteps;
import io.modelserver.front.json.NumberArrayReader;
import io.modelserver.model.FeatureNames;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.TensorSpec;
import io.modelserver.serving.FieldProblem;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FeatureDecoderTest {

    private static final List<String> NAMES = List.of("orderbook.spread", "candle.close", "indicator.rsi.fast");

    private static final String STEP = """
            {"timestamp": 1763148435000, "symbol": "BTCUSDT", "feature_count": 3,
             "indicator": {"rsi": {"fast": 3, "slow": 9}}, "candle": {"close": 2.5, "open": "x"},
             "orderbook": {"spread": -1e-3, "levels": [[1, 2], [3, 4]]}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[1,2,3,4,5,6]", "[[1,2,3],[4,5,6]]", " [ [ 1.0 , 2e0 , 3 ] , [4,5,6] ] " })
    void flatAndNestedNumbersTakeTheShapeOfTheInput(String features) throws Exception {
        ModelInput input = decode(numbers(features), spec(2, 3));

        assertThat(input.tensors().getFirst().shape()).containsExactly(2, 3);
        assertThat(input.tensors().getFirst().values()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void aFreeDimensionIsWhatTheCountMakesIt() throws Exception {
        assertThat(decode(numbers("[1,2,3,4,5,6,7,8,9]"), spec(TensorSpec.FREE, 3)).tensors().getFirst().shape())
            .containsExactly(3, 3);
        assertThat(decode(numbers("[[1,2,3]]"), spec(TensorSpec.FREE, 3)).tensors().getFirst().shape())
            .containsExactly(1, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[1,2,3,4,5]|5 numbers, expected 6", "[1,2,3,4,5,6,7]|7 numbers, expected 6",
            "[]|0 numbers, expected 6", "[[]]|shape [1, 0], expected [2, 3]",
            "[[1,2],[3,4],[5,6]]|shape [3, 2], expected [2, 3]", "[[[1,2,3],[4,5,6]]]|shape [1, 2, 3], expected [2, 3]",
            "[[1,2,3],[4,5]]|2 items, those before it 3", "[[1,2,3],4]|is a number, expected an array",
            "[1,[2]]|is an array, expected a number", "[1,null]|features[1] is null, expected a number",
            "[1,\"2\"]|features[1] is a string, expected a number",
            "[true]|features[0] is a boolean, expected a number", "[1,{}]|features[1] is an object, expected a number",
            "[1,1e39]|features[1] is not finite", "[1,-1e999]|features[1] is not finite",
            "[[[[[1]]]]]|is an array, expected a number" })
    void whatDoesNotFitIsToldWithBothNumbers(String features, String message) {
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> decode(numbers(features), spec(2, 3)))
            .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[1,2]|2 numbers", "[[1,2]]|the shape [1, 2]" })
    void whoSendsStepsIsToldWhatAStepIs(String features, String came) {
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> decode(numbers(features), spec(2, 3)))
            .withMessageContaining(came)
            .withMessageEndingWith("6 flat numbers for the shape [2, 3], or one step: 3 numbers or [[3 numbers]]");
        assertThatExceptionOfType(InvalidFeaturesException.class).isThrownBy(() -> decode(numbers(features), spec(3)))
            .withMessageEndingWith("3 flat numbers for the shape [3]");
    }

    @ParameterizedTest
    @CsvSource({ "false", "true" })
    void namesAreRefusedWhereTheModelHasNone(boolean sequence) {
        String step = "{\"a\": 1, \"b\": 2, \"c\": 3}";

        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> new FeatureDecoder(metadata(List.of(spec(3)), List.of()))
                .decode(request(named(sequence ? "[" + step + "]" : step, sequence), null)))
            .withMessageStartingWith(
                    "this model has no feature_names in its metadata.json: send numbers (3 flat numbers");
    }

    @Test
    void namedFeaturesAreFoundByTheirPaths() throws Exception {
        assertThat(decode(named(STEP, false), spec(3)).tensors().getFirst().values()).containsExactly(-1e-3f, 2.5f, 3);
        assertThat(decode(named("[" + STEP + "," + STEP + "]", true), spec(2, 3)).tensors().getFirst().values())
            .containsExactly(-1e-3f, 2.5f, 3, -1e-3f, 2.5f, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "{'BBL_20_2.0': 1, 'BBM_20_2.0': 2, 'RSI_14': 3}",
                    "{'BBL_20_2': {'0': 1}, 'BBM_20_2': {'0': 2}, 'RSI_14': 3}",
                    "{'BBL_20_2': [1], 'BBM_20_2.0': 2, 'RSI_14': 3}" })
    void aNameMayHoldADecimal(String step) throws Exception {
        assertThat(values(List.of("BBL_20_2.0", "BBM_20_2.0", "RSI_14"), step)).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "{'SUPERT_7_3': 1, 'SUPERT_7_3.0': 2, 'close': 3}",
            "{'SUPERT_7_3.0': 2, 'close': 3, 'SUPERT_7_3': 1}" })
    void aNameMayBeTheBeginningOfAnother(String step) throws Exception {
        assertThat(values(List.of("SUPERT_7_3", "SUPERT_7_3.0", "close"), step)).containsExactly(1, 2, 3);
        assertThatExceptionOfType(InvalidFeaturesException.class).isThrownBy(
                () -> values(List.of("SUPERT_7_3", "SUPERT_7_3.0", "close"), "{'SUPERT_7_3': {'0': 2}, 'close': 3}"))
            .satisfies((ex) -> assertThat(ex.problems())
                .containsExactly(new FieldProblem("features.SUPERT_7_3", "missing")));
    }

    @Test
    void aNameIsFoundBelowItsChannelToo() throws Exception {
        assertThat(values(List.of("indicator.BBANDS_20_2.0.upper", "indicator.ST_7_3", "indicator.ST_7_3.0"),
                "{'indicator': {'BBANDS_20_2.0': {'upper': 1}, 'ST_7_3': 2, 'ST_7_3.0': 3}}"))
            .containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "{'a': {'b.c': 2, 'b': {'c': 3}}, 'a.b.c': 1}", "{'a.b.c': 1, 'a': 2}",
            "{'a.b': {'c': null}, 'a.b.c': 1}", "{'a.b.c': 1, 'a.b': {'c': 'x'}}" })
    void ofSeveralValuesForOneNameTheOneWithTheLongestFirstKeyCounts(String step) throws Exception {
        assertThat(values(List.of("a.b.c"), step)).containsExactly(1);
    }

    @Test
    void aWholeKeyThatIsNoNumberIsNotPassedOverForItsSegments() {
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> values(List.of("a.b", "c"), "{'a': {'b': 1}, 'a.b': null, 'c': 1}"))
            .satisfies((ex) -> assertThat(ex.problems())
                .containsExactly(new FieldProblem("features.a.b", "expected a number, got null")));
    }

    @Test
    void everyNamedFeatureThatIsMissingOrNoNumberIsListed() {
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> decode(named("{\"orderbook\": {\"spread\": null}, \"candle\": {\"close\": 1e39}}", false),
                    spec(3)))
            .withMessageStartingWith("features: of 3 named features 1 is missing, 2 are not finite numbers (")
            .satisfies((ex) -> assertThat(ex.problems()).containsExactly(
                    new FieldProblem("features.orderbook.spread", "expected a number, got null"),
                    new FieldProblem("features.candle.close", "not finite as a 32-bit float"),
                    new FieldProblem("features.indicator.rsi.fast", "missing")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[1,2,3]", "[[1,2,3]]" })
    void asManyNumbersAsAStepHasAreAStep(String features) throws Exception {
        DecodedFeatures decoded = new FeatureDecoder(metadata(List.of(spec(2, 3)), NAMES))
            .decode(request(numbers(features), null));

        assertThat(decoded).isInstanceOfSatisfying(DecodedFeatures.SingleStep.class, (single) -> {
            assertThat(single.step().values()).containsExactly(1, 2, 3);
            assertThat(single.step().timestampMillis()).isEmpty();
            assertThat(single.windowed().getFirst().schema().steps()).isEqualTo(2);
        });
    }

    @Test
    void anObjectIsAStepWithATimeOfItsOwn() throws Exception {
        DecodedFeatures decoded = new FeatureDecoder(metadata(List.of(spec(2, 3)), NAMES))
            .decode(request(named(STEP, false), null));

        assertThat(decoded).isInstanceOfSatisfying(DecodedFeatures.SingleStep.class,
                (single) -> assertThat(single.step().timestampMillis()).hasValue(1763148435000L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "1763148435000|1763148435000", "1763148435000.0|1763148435000",
            "\"2025-11-14T19:27:15Z\"|1763148435000", "\"2025-11-14T22:27:15+03:00\"|1763148435000" })
    void aTimeIsInMillisecondsOrIso(String time, long millis) throws Exception {
        String step = STEP.replace("1763148435000", time);

        DecodedFeatures decoded = new FeatureDecoder(metadata(List.of(spec(2, 3)), NAMES))
            .decode(request(named(step, false), null));

        assertThat(((DecodedFeatures.SingleStep) decoded).step().timestampMillis()).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "\"now\"", "true", "[1]", "1e300" })
    void aTimeThatCantBeReadMattersOnlyToASingleStep(String time) throws Exception {
        String step = STEP.replace("1763148435000", time);

        assertThat(decode(named("[" + step + "," + step + "]", true), spec(2, 3))).isNotNull();
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> new FeatureDecoder(metadata(List.of(spec(2, 3)), NAMES))
                .decode(request(named(step, false), null)))
            .withMessageContaining("timestamp: expected milliseconds since 1970");
    }

    @Test
    void aHistoryMustRunForwards() throws Exception {
        String later = STEP.replace("1763148435000", "1763148436000");
        FeatureDecoder decoder = new FeatureDecoder(metadata(List.of(spec(2, 3)), NAMES));

        assertThat(decoder.decodeHistory(request(named("[" + STEP + "," + later + "]", true), null))).hasSize(2);
        assertThat(decoder.decodeHistory(request(numbers("[[1,2,3],[4,5,6],[7,8,9]]"), null))).hasSize(3);
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> decoder.decodeHistory(request(named("[" + later + "," + STEP + "]", true), null)))
            .withMessageContaining("features[1].timestamp is not later");
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> decoder.decodeHistory(request(numbers("[[1,2]]"), null)))
            .withMessageContaining("2 numbers, expected 3");
    }

    @Test
    void withoutNamesTheChannelsAreReadInOrderKeysSorted() throws Exception {
        ModelMetadata unnamed = metadata(List.of(spec(8)), List.of());

        ModelInput input = whole(new FeatureDecoder(unnamed).decode(request(named(STEP, false), null)));

        assertThat(input.tensors().getFirst().values()).containsExactly(1, 2, 3, 4, -1e-3f, 2.5f, 3, 9);
    }

    @Test
    void theOrderBookGoesToTheInputThatIsDeclaredForIt() throws Exception {
        ModelMetadata both = metadata(List.of(spec(2, 3), new TensorSpec("raw_lob", List.of(2, TensorSpec.FREE, 2))),
                List.of());

        ModelInput input = whole(new FeatureDecoder(both).decode(
                request(numbers("[1,2,3,4,5,6]"), new JsonArray(slice("[[[1,2],[3,4]],[[5,6],[7,8]]]"), "raw_lob"))));

        assertThat(input.tensors().get(1).shape()).containsExactly(2, 2, 2);
        assertThatExceptionOfType(InvalidFeaturesException.class)
            .isThrownBy(() -> new FeatureDecoder(both).decode(request(numbers("[1,2,3,4,5,6]"), null)))
            .withMessageContaining("needs raw_lob");
    }

    @Test
    void theTimeOfAWholeWindowIsThatOfTheRequestOrElseOfItsLastStep() throws Exception {
        ModelMetadata named = metadata(List.of(spec(2, 3)), NAMES);
        String later = STEP.replace("1763148435000", "1763148495000");
        RequestFeatures steps = named("[" + STEP + "," + later + "]", true);

        assertThat(eventTime(named, steps, StepTimestamp.NONE)).hasValue(1_763_148_495_000L);
        assertThat(eventTime(named, steps, new StepTimestamp(OptionalLong.of(5), null))).hasValue(5);
        assertThat(eventTime(named, steps, new StepTimestamp(OptionalLong.empty(), "no time")))
            .hasValue(1_763_148_495_000L);
        assertThat(eventTime(named, numbers("[1,2,3,4,5,6]"), StepTimestamp.NONE)).isEmpty();
        assertThat(eventTime(named, numbers("[1,2,3,4,5,6]"), new StepTimestamp(OptionalLong.empty(), "no time")))
            .hasValue(StepTimestamp.UNREADABLE);
    }

    private static OptionalLong eventTime(ModelMetadata metadata, RequestFeatures features, StepTimestamp timestamp)
            throws InvalidFeaturesException {
        DecodedFeatures decoded = new FeatureDecoder(metadata)
            .decode(new PredictionRequest("BTCUSDT", features, null, null, null, null, null, timestamp));
        return ((DecodedFeatures.Whole) decoded).eventMillis();
    }

    private static ModelInput decode(RequestFeatures features, TensorSpec spec) throws InvalidFeaturesException {
        return whole(new FeatureDecoder(metadata(List.of(spec), NAMES)).decode(request(features, null)));
    }

    private static float[] values(List<String> names, String step) throws InvalidFeaturesException {
        ModelMetadata metadata = metadata(List.of(spec(names.size())), names);
        return whole(new FeatureDecoder(metadata).decode(request(named(step.replace('\'', '"'), false), null)))
            .tensors()
            .getFirst()
            .values();
    }

    private static ModelInput whole(DecodedFeatures decoded) {
        assertThat(decoded).isInstanceOf(DecodedFeatures.Whole.class);
        return ((DecodedFeatures.Whole) decoded).input();
    }

    private static RequestFeatures numbers(String json) throws InvalidFeaturesException {
        try (JsonParser parser = slice(json).parser()) {
            parser.nextToken();
            return new RequestFeatures.Numbers(new NumberArrayReader("features").read(parser));
        }
    }

    private static RequestFeatures named(String json, boolean sequence) {
        return new JsonSteps(slice(json), sequence);
    }

    private static JsonSlice slice(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new JsonSlice(bytes);
    }

    private static TensorSpec spec(Integer... shape) {
        return new TensorSpec("features", List.of(shape));
    }

    private static PredictionRequest request(RequestFeatures features,
            @org.jspecify.annotations.Nullable InputArray rawLob) {
        return new PredictionRequest("BTCUSDT", features, rawLob, null, null, null, null, StepTimestamp.NONE);
    }

    private static ModelMetadata metadata(List<TensorSpec> inputs, List<String> names) {
        return new ModelMetadata(new ModelId("m", "1"), inputs, List.of(), Map.of(), new FeatureNames(names));
    }

}
