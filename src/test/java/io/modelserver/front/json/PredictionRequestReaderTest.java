package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

import io.modelserver.front.problem.ProblemCode;
import io.modelserver.front.problem.ProblemException;
import io.modelserver.serving.FieldProblem;
import io.modelserver.trading.PredictionRequest;
import io.modelserver.trading.SeriesName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class PredictionRequestReaderTest {

    @ParameterizedTest
    @ValueSource(strings = { "BTCUSDT", "BTC/USDT:USDT", "\u5e01\u5b89\u4eba\u751fUSDT", "EURUSD=X", "ES1!", "@107",
            "$WIF/USDC", "M&M.NS", "C98+USDT", "\u0628\u06cc\u062a\u200c\u06a9\u0648\u06cc\u0646",
            "AAPL  250117C00150000", "\ud83d\ude80USDT",
            "12345678901234567890123456789012345678901234567890123456789012345678901234567", "%2F..", "\"'<>", "_" })
    void symbolsOfRealMarketsAreTaken(String symbol) {
        assertThat(read("{\"symbol\": %s, \"features\": [1]}".formatted(quoted(symbol))).symbol()).isEqualTo(symbol);
        assertThat(read("{\"symbol\": %s, \"features\": {}}".formatted(quoted(symbol))).symbol()).isEqualTo(symbol);
    }

    @Test
    void aSymbolMayHave128CharactersOfAnyPlane() {
        String longest = "\ud83d\ude80".repeat(128);

        assertThat(read("{\"symbol\": \"%s\", \"features\": [1]}".formatted(longest)).symbol()).isEqualTo(longest);
        assertThat(refused("{\"symbol\": \"%sx\", \"features\": [1]}".formatted(longest)).code())
            .isEqualTo(ProblemCode.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", " ", "\\u0000", "A\\nB", "A\\u007f", "A\\u0085", "A\\ud800", "\\udc00A", "A\\u202eB",
            "A\\u200fB", "A\\u2066", "A\\u2028", "\\ufeffA", "A\\uffff", "A\\u00ad" })
    void symbolsThatAreNotWhatTheySeemToBeAreRefused(String escaped) {
        ProblemException refused = refused("{\"symbol\": \"%s\", \"features\": [1]}".formatted(escaped));

        assertThat(refused.code()).isEqualTo(ProblemCode.INVALID_REQUEST);
        assertThat(refused.detail()).contains("symbol: expected 1 to 128 printable characters");
    }

    @Test
    void aRequestMayNameItsSeries() {
        PredictionRequest request = read(
                "{\"symbol\":\"A\",\"timeframe\":\"4h\",\"window_key\":\"scaled\",\"features\":[1]}");

        assertThat(request.series()).isEqualTo(new SeriesName("4h", "scaled"));
        assertThat(read("{\"symbol\":\"A\",\"timeframe\":null,\"features\":[1]}").series()).isEqualTo(SeriesName.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "\"timeframe\": \"\"|422", "\"timeframe\": \"12345678901234567\"|422",
                    "\"timeframe\": \"0m\"|422", "\"timeframe\": \"-1m\"|422", "\"timeframe\": \" 1m\"|422",
                    "\"timeframe\": 5|400", "\"window_key\": \"a\\tb\"|422", "\"window_key\": true|400" })
    void namesOfSeriesThatCantBeAreRefused(String field, int status) {
        assertThat(refused("{\"symbol\":\"A\",%s,\"features\":[1]}".formatted(field)).code().status().value())
            .isEqualTo(status);
    }

    @Test
    void whatTheAddressSaysNeedNotBeRepeatedAndMustNotBeContradicted() {
        RequestAddress address = new RequestAddress("A", "1h", null);

        assertThat(read("{\"features\":[1]}", address).series().timeframe()).isEqualTo("1h");
        assertThat(catchThrowableOfType(ProblemException.class,
                () -> read("{\"timeframe\":\"4h\",\"features\":[1]}", address))
            .detail()).contains("timeframe: expected the one of the request's address");
        assertThat(read("{\"features\":[1]}", new RequestAddress("A", null, null, "m", "2")).modelName())
            .isEqualTo("m");
        assertThat(catchThrowableOfType(ProblemException.class,
                () -> read("{\"model_name\":\"n\",\"features\":[1]}", new RequestAddress("A", null, null, "m", null)))
            .detail()).contains("model_name: expected the one of the request's address");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "[1, NaN]|features[1]|NaN", "[Infinity]|features[0]|Infinity",
                    "[[1, 2], [3, -Infinity]]|features[1][1]|-Infinity", "{\"a\": {\"b\": NaN}}|features.a.b|NaN",
                    "[{\"a\": 1}, {\"a\": NaN}]|features[1].a|NaN" })
    void aNumberThatJsonDoesNotHaveIsToldByItsFeature(String features, String field, String token) {
        ProblemException refused = refused("{\"features\": %s, \"symbol\": \"A\"}".formatted(features));

        assertThat(refused.code()).isEqualTo(ProblemCode.INVALID_FEATURES);
        assertThat(refused.members().get("errors"))
            .isEqualTo(List.of(new FieldProblem(field, "expected a finite number, got " + token)));
    }

    @Test
    void oneInTheOrderBookIsToldToo() {
        assertThat(refused("{\"symbol\": \"A\", \"features\": [1], \"raw_lob\": [[[NaN, 1]], []]}").detail())
            .isEqualTo("raw_lob[0][0][0]: expected a finite number, got NaN");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "{\"symbol\": NaN, \"features\": [1]}|symbol is NaN",
                    "{\"symbol\": \"A\", \"features\": [NaN], \"x\": {\"y\": NaN}}|x.y is NaN",
                    "{\"symbol\": \"A\", \"features\": [NaN]|not valid JSON", "{\"features\": [INF]}|not valid JSON",
                    "{\"features\": [NaN], \"features\": [1]}|not valid JSON", "NaN|not valid JSON" })
    void elsewhereItIsNoJson(String json, String detail) {
        ProblemException refused = refused(json);

        assertThat(refused.code()).isEqualTo(ProblemCode.MALFORMED_REQUEST);
        assertThat(refused.detail()).contains(detail).doesNotContain("Feature", "enable");
    }

    @Test
    void theSymbolOfARequestWithOneIsKnown() {
        PredictionRequestReader reader = new PredictionRequestReader(
                slice("{\"features\": [NaN], \"nested\": {\"symbol\": \"B\"}, \"symbol\": \"A\"}"), () -> 0);

        assertThatExceptionOfType(ProblemException.class).isThrownBy(reader::read);
        assertThat(reader.symbol()).isEqualTo("A");
    }

    private static ProblemException refused(String json) {
        return Objects.requireNonNull(catchThrowableOfType(ProblemException.class, () -> read(json)), json);
    }

    private static PredictionRequest read(String json) {
        return read(json, RequestAddress.NONE);
    }

    private static PredictionRequest read(String json, RequestAddress address) {
        return new PredictionRequestReader(slice(json), address, () -> 0).read();
    }

    private static JsonSlice slice(String json) {
        return new JsonSlice(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }

}
