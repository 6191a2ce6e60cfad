package io.modelserver.registry.metadata;

import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CreationTimeTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "\"2025-11-14T19:27:15Z\"", "\"2025-11-14T19:27:15\"",
            "\"2025-11-14 19:27:15\"", "\"2025-11-14T22:27:15+03:00\"", "1763148435", "1763148435.0", "1763148435000" })
    void aTimeIsReadAsTrainersWriteIt(String json) {
        assertThat(CreationTime.of(RegistryJson.MAPPER.readTree(json))).contains(Instant.parse("2025-11-14T19:27:15Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = { "null", "\"\"", "\"yesterday\"", "\"2025-13-14\"", "1e300", "1e400", "-1e999999999", "NaN",
            "[]", "true" })
    void whatIsNoTimeIsNone(String json) {
        assertThat(CreationTime.of(RegistryJson.MAPPER.readTree(json))).isEmpty();
    }

}
