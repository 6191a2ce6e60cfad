package io.modelserver.contract;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/** What is answered to bodies that are no good request. */
@ExtendWith(SharedServer.class)
class BodyFaultsIT extends FaultTest {

    private static final List<String> PATHS = List.of("/predict", "/api/ml/predict", "/api/ml/predict/batch",
            "/api/ml/models/reload");

    static Stream<Arguments> bodiesThatAreNoJsonObject() {
        return PATHS.stream()
            .flatMap((path) -> Stream
                .of(body("nothing", ""), body("white space", " \n"), body("broken", "{\"symbol\": \"BTCUSDT\", "),
                        body("single quotes", "{'symbol': 'BTCUSDT'}"), body("a comment", "{/* */}"),
                        body("null", "null"), body("a list", "[]"), body("a text", "\"x\""), body("a number", "7"),
                        body("HTML", "<html></html>"), body("two objects", "{} {}"),
                        body("a trailing comma", "{\"a\":1,}"),
                        body("a duplicate key", "{\"symbol\":\"A\",\"symbol\":\"B\"}"),
                        body("a deep duplicate key", "{\"extra\":[{\"a\":1,\"a\":2}]}"),
                        body("a NUL character", "{\"symbol\":\"A\u0000\"}"),
                        body("Latin-1", "{\"symbol\":\"caf\u00e9\"}", StandardCharsets.ISO_8859_1),
                        body("broken UTF-8 where nothing is read", "{\"note\":\"\u00c3(\"}",
                                StandardCharsets.ISO_8859_1),
                        body("UTF-16", "{\"symbol\":\"BTCUSDT\"}", StandardCharsets.UTF_16),
                        body("UTF-16 without mark", "{\"symbol\":\"BTCUSDT\"}", StandardCharsets.UTF_16LE),
                        body("NaN", "{\"extra\": NaN}"), body("Infinity", "{\"extra\": -Infinity}"),
                        body("a leading zero", "{\"extra\": 01}"),
                        body("a number of 5000 digits", "{\"extra\": " + "1".repeat(5000) + "}"))
                .map((body) -> Arguments.of(path, body)));
    }

    private static Named<byte[]> body(String name, String text) {
        return body(name, text, StandardCharsets.UTF_8);
    }

    private static Named<byte[]> body(String name, String text, Charset charset) {
        return Named.of(name, text.getBytes(charset));
    }

    @ParameterizedTest
    @MethodSource("bodiesThatAreNoJsonObject")
    void bodiesThatAreNoJsonObjectAreMalformed(String path, byte[] body) {
        assertThat(bot.post(path, body)).isProblem(400, "MALFORMED_REQUEST");
    }

    @ParameterizedTest
    @ValueSource(strings = { "INF", "+Infinity", "+1", ".5", "0x10", "1e", "--1", "nan" })
    void numbersThatAreNoJsonAreMalformed(String number) {
        assertThat(bot.predict(with(17, number))).isProblem(400, "MALFORMED_REQUEST");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'',
            value = { "\"NaN\"|expected", "\"Infinity\"|expected", "\"1.5\"|expected", "null|expected", "true|expected",
                    "[1]|expected", "{}|expected", "NaN|finite", "Infinity|finite", "-Infinity|finite", "1e39|finite",
                    "-3.5e38|finite", "1e999|finite" })
    void valuesThatAreNoFiniteFloatAreToldByIndex(String value, String reason) {
        assertThat(bot.predict(with(17, value))).isProblem(422, "INVALID_FEATURES").tells("features[17]", reason);
    }

    private String with(int index, String value) {
        ArrayNode features = sample.flat();
        features.set(index, "?");
        return GoldenSample.request(features).toString().replace("\"?\"", value);
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"AAAA\"", "1", "1.5", "true", "false", "null" })
    void featuresThatAreNeitherArrayNorObjectAreToldWhatWasExpected(String features) {
        Answer answer = bot.predict(GoldenSample.request(Answer.JSON.readTree(features)).toString());

        assertThat(answer).isBareProblem(400, 422);
        assertThat(answer.body()).contains("expected");
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, 1, 6599, 6601, 13200 })
    void aWrongCountIsToldWithBothNumbers(int count) {
        assertThat(bot.predict(GoldenSample.request(numbers(count)).toString())).isProblem(422, "INVALID_FEATURES")
            .tells(Integer.toString(count), "6600");
    }

    @ParameterizedTest
    @CsvSource({ "59, 110, '[59, 110]'", "61, 110, '[61, 110]'", "60, 109, '[60, 109]'", "110, 60, '[110, 60]'",
            "2, 6600, '[2, 6600]'", "60, 0, '[60, 0]'" })
    void aWrongShapeIsToldWithBothShapes(int rows, int columns, String shape) {
        ArrayNode features = Answer.JSON.createArrayNode();
        for (int row = 0; row < rows; row++) {
            features.add(numbers(columns));
        }

        assertThat(bot.predict(GoldenSample.request(features).toString())).isProblem(422, "INVALID_FEATURES")
            .tells(shape, "[60, 110]");
    }

    @Test
    void aWrongRankIsToldWithBothShapes() {
        ArrayNode features = Answer.JSON.createArrayNode().add(sample.window());

        assertThat(bot.predict(GoldenSample.request(features).toString())).isProblem(422, "INVALID_FEATURES")
            .tells("[1, 60, 110]", "[60, 110]");
    }

    @Test
    void aRaggedArrayIsToldWithBothNumbers() {
        ArrayNode features = sample.window().deepCopy();
        ((ArrayNode) features.get(31)).remove(0);

        assertThat(bot.predict(GoldenSample.request(features).toString())).isProblem(422, "INVALID_FEATURES")
            .tells("109", "110");
    }

    private static ArrayNode numbers(int count) {
        ArrayNode numbers = Answer.JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            numbers.add(0.5);
        }
        return numbers;
    }

    @Test
    void missingNamedFeaturesAreListed() {
        ArrayNode steps = sample.named();
        ((ObjectNode) steps.at("/3/orderbook")).remove(List.of("spread_bps", "ask_depth"));

        assertThat(bot.predict(GoldenSample.request(steps).toString())).isProblem(422, "INVALID_FEATURES")
            .namesField("features[3].orderbook.spread_bps")
            .namesField("features[3].orderbook.ask_depth");
    }

    @ParameterizedTest
    @ValueSource(strings = { "null", "\"1\"", "1e39", "[1]", "{}", "true" })
    void namedFeaturesThatAreNoFiniteFloatAreNamed(String value) {
        ArrayNode steps = sample.named();
        ((ObjectNode) steps.at("/59/orderbook")).set("spread_bps", Answer.JSON.readTree(value));

        assertThat(bot.predict(GoldenSample.request(steps).toString())).isProblem(422, "INVALID_FEATURES")
            .namesField("features[59].orderbook.spread_bps");
    }

    @Test
    void aSequenceOfTheWrongLengthIsToldWithBothNumbers() {
        ArrayNode steps = sample.named();
        steps.remove(0);

        assertThat(bot.predict(GoldenSample.request(steps).toString())).isProblem(422, "INVALID_FEATURES")
            .tells("59", "60");
    }

    @Test
    void aSequenceOfObjectsAndNumbersIsToldWhatWasExpected() {
        assertThat(bot.predict(GoldenSample.request(sample.named().add(7)).toString()))
            .isProblem(422, "INVALID_FEATURES")
            .tells("features[60]", "expected");
    }

    @Test
    void aDuplicateNamedFeatureIsMalformed() {
        String request = GoldenSample.request(sample.named()).toString();

        assertThat(bot.predict(request.replaceFirst("\"orderbook\":\\{", "$0\"ask_depth\":1,"))).isProblem(400,
                "MALFORMED_REQUEST");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "null", "\"\"", "\" \"", "\"BTC\\nUSDT\"", "\"BTC\\u202eUSDT\"", "\"\\ufeffBTC\"" })
    void anUnusableSymbolIsNamed(String symbol) {
        ObjectNode request = sample.request();
        request.set("symbol", Answer.JSON.readTree(symbol));

        assertThat(bot.predict(request.toString())).isProblem(422, "INVALID_REQUEST").namesField("symbol");
    }

    @Test
    void aSymbolHas128CharactersAtMost() {
        assertThat(bot.predict(sample.request().put("symbol", "A".repeat(128)).toString())).hasStatus(200);
        assertThat(bot.predict(sample.request().put("symbol", "A".repeat(129)).toString()))
            .isProblem(422, "INVALID_REQUEST")
            .namesField("symbol");
    }

    @Test
    void missingFieldsAreNamedTogether() {
        assertThat(bot.predict("{}")).isProblem(422, "INVALID_REQUEST").namesField("symbol").namesField("features");
    }

    @ParameterizedTest
    @ValueSource(strings = { "symbol", "model_name", "model_version", "routing_key", "experiment_id" })
    void aTextOfAnotherTypeIsMalformed(String field) {
        assertThat(bot.predict(sample.request().put(field, 5).toString())).isProblem(400, "MALFORMED_REQUEST")
            .tells(field);
    }

    static Stream<Arguments> nesting() {
        return Stream.of(120, 250_000, 500_000)
            .flatMap((depth) -> Stream
                .of("{\"symbol\":\"A\",\"features\":%s}", "{\"symbol\":\"A\",\"extra\":%s}",
                        "{\"symbol\":\"A\",\"features\":[1],\"raw_lob\":%s}", "%s")
                .flatMap((body) -> Stream.of("[", "{\"a\":").map((bracket) -> Arguments.of(depth, bracket, body))));
    }

    @ParameterizedTest
    @MethodSource("nesting")
    void nestingThatIsTooDeepIsRefusedWhereItBecomesSo(int depth, String bracket, String body) {
        byte[] bytes = body.formatted(bracket.repeat(depth) + "1" + (bracket.equals("[") ? "]" : "}").repeat(depth))
            .getBytes(StandardCharsets.UTF_8);

        Answer answer = bot.post("/api/ml/predict", bytes);

        // The depth at which it stopped: what comes after is not read, so it takes no
        // time.
        assertThat(answer).isProblem(400, "MALFORMED_REQUEST");
        assertThat(answer.json().at("/detail").asString()).containsAnyOf("nesting depth (33)",
                "expected a JSON object, got an array");
    }

}
