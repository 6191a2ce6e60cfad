package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JsonSliceTest {

    @Test
    void valuesAreCutOutOfValuesThatWereCutOut() {
        JsonSlice inner = cut(cut(slice("  {\"ä\": [ 1, {\"b\" : [[2]] , \"c\":3} ] }"), 1), 1);

        assertThat(read(inner)).isEqualTo("{\"b\" : [[2]] , \"c\":3}");
    }

    @Test
    void scalarsAreCutOutWhole() {
        assertThat(read(cut(slice("[12.50, \"x\"]"), 0))).isEqualTo("12.50");
        assertThat(read(cut(slice("[ \"a\\\"b\" ]"), 0))).isEqualTo("\"a\\\"b\"");
        assertThat(read(cut(slice("[ null ]"), 0))).isEqualTo("null");
    }

    @Test
    void anArrayOfObjectsIsToldFromOneOfNumbers() {
        assertThat(isArrayOfObjects("[\n\t {\"a\": 1}]")).isTrue();
        assertThat(isArrayOfObjects("[ 1, {}]")).isFalse();
        assertThat(isArrayOfObjects("[]")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = { "{\"a\":1,\"a\":2}", "{\"a\":NaN}", "{\"a\":01}", "{a:1}", "{'a':1}", "{\"a\":1,}",
            "{\"a\":+1}", "{\"a\":.5}", "/**/{}", "{\"a\":1" })
    void whatIsNoStrictJsonIsRefused(String json) {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> skip(slice(json)));
    }

    @Test
    void otherEncodingsAndDeepNestingAreRefused() {
        byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);

        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> skip(new JsonSlice(utf16)));
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> skip(slice("[".repeat(120))));
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> skip(slice("[".repeat(500_000))));
    }

    private static void skip(JsonSlice slice) {
        try (JsonParser parser = slice.parser()) {
            parser.nextToken();
            parser.skipChildren();
            assertThat(parser.nextToken()).isNull();
        }
    }

    private static boolean isArrayOfObjects(String json) {
        JsonSlice slice = slice(json);
        try (JsonParser parser = slice.parser()) {
            parser.nextToken();
            return slice.isArrayOfObjects(parser);
        }
    }

    private static JsonSlice cut(JsonSlice slice, int tokensToSkip) {
        try (JsonParser parser = slice.parser()) {
            parser.nextToken();
            for (int i = 0; i < tokensToSkip; i++) {
                parser.nextToken();
            }
            parser.nextToken();
            return slice.cut(parser);
        }
    }

    private static JsonSlice slice(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return new JsonSlice(bytes);
    }

    private static String read(JsonSlice slice) {
        return slice.toString();
    }

}
