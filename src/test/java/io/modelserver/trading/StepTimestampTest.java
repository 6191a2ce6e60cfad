package io.modelserver.trading;

import java.nio.charset.StandardCharsets;

import io.modelserver.front.json.JsonSlice;
import io.modelserver.front.json.TimestampReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StepTimestampTest {

    private static final long EXPECTED = 1_795_785_068_000L;

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "1795785068000", "1795785068000.0", "1795785068", "1795785068.0", "\"2026-11-27T13:11:08Z\"",
                    "\"2026-11-27t13:11:08z\"", "\"2026-11-27T13:11:08.000Z\"", "\"2026-11-27 13:11:08+00:00\"",
                    "\"2026-11-27 13:11:08.000000+00:00\"", "\"2026-11-27 13:11:08+0000\"",
                    "\"2026-11-27T13:11:08+0000\"", "\"2026-11-27T16:11:08+0300\"", "\"2026-11-27T16:11:08+03\"",
                    "\"2026-11-27 13:11:08 +0000\"", "\"2026-11-27T16:11:08+03:00:00\"", "\"2026-11-27 13:11:08Z\"" })
    void theTimesThatBotsWriteAreUnderstood(String json) throws Exception {
        assertThat(read(json).required()).hasValue(EXPECTED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "1795785068.25|1795785068250", "\"2026-11-27 13:11:08.25+00:00\"|1795785068250" })
    void fractionsOfSecondsAreKept(String json, long millis) throws Exception {
        assertThat(read(json).required()).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "1795785068000000000|looks like nanoseconds", "1.795785068e18|looks like nanoseconds",
                    "NaN|got NaN", "1e300|expected milliseconds since 1970",
                    "\"2026-11-27 13:11:08\"|ISO-8601 time with an offset", "\"13:11\"|ISO-8601 time with an offset",
                    "\"2026-11-27\"|ISO-8601 time with an offset", "\"2026-11-27T13:11:08+00:00x\"|with an offset" })
    void ofAnyOtherTheCallerIsToldWhatWasExpected(String json, String message) {
        assertThatExceptionOfType(InvalidFeaturesException.class).isThrownBy(() -> read(json).required())
            .withMessageContaining("timestamp: expected milliseconds since 1970")
            .withMessageContaining(message);
    }

    private static StepTimestamp read(String json) {
        try (JsonParser parser = new JsonSlice(json.getBytes(StandardCharsets.UTF_8)).parserWithNaN()) {
            parser.nextToken();
            return TimestampReader.read(parser, "timestamp");
        }
    }

}
