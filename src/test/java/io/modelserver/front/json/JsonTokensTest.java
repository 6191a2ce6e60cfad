package io.modelserver.front.json;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class JsonTokensTest {

    @ParameterizedTest
    @ValueSource(strings = { "[NaN]", "[Infinity]", "[-Infinity]", "[-INF]", "[+1]", "[.5]", "[01]", "[1.]", "[nan]",
            "[undefined]", "/* */ []", "# []", "['a']", "{a: 1}", "[\"\\q\"]", "[\"\u0001\"]",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "[1,]", "{\"a\": [1]", "[[1]" })
    void aReasonTellsNothingOfTheParsersSettings(String json) {
        JacksonException ex = catchThrowableOfType(JacksonException.class, () -> readAll(json));

        assertThat(JsonTokens.reason(ex)).isNotBlank()
            .doesNotContainIgnoringCase("feature", "enable", "StreamReadConstraints", "NaN'/", "`");
    }

    private static void readAll(String json) {
        try (JsonParser parser = new JsonSlice(json.getBytes(StandardCharsets.UTF_8)).parser()) {
            while (parser.nextToken() != null) {
                parser.currentToken();
            }
        }
    }

}
