package io.modelserver.registry;

import java.nio.file.Files;
import java.nio.file.Path;

import io.modelserver.inference.ModelId;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataFileTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", value = { ", \"timeframe\": \"4h\"|4h", "''|null",
            ", \"timeframe\": null|null", ", \"timeframe\": 60|null", ", \"timeframe\": \" \"|null" })
    void theTimeframeOfTrainingIsRead(String field, String expected) throws Exception {
        Path file = temp.resolve("metadata.json");
        Files.writeString(file, "{\"input_shape\": [60, 2]%s}".formatted(field));

        assertThat(MetadataFile.read(file).describe(new ModelId("m", "1")).timeframe()).isEqualTo(expected);
    }

}
