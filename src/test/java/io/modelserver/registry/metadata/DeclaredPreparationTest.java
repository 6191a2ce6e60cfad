package io.modelserver.registry.metadata;

import java.nio.file.Files;
import java.nio.file.Path;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DeclaredPreparationTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "{\"input_shape\": [4], \"missing\": \"allowed\"}|true",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [4], \"missing\": \"Allowed\"}]}|true",
            "{\"inputs\": [{\"name\": \"x\", \"shape\": [4]}], \"missing\": \"allowed\"}|true",
            "{\"input_shape\": [4]}|false", "{\"input_shape\": [4], \"missing\": \"refused\"}|false",
            "{\"input_shape\": [4], \"missing\": 0.02}|false", "{\"input_shape\": [4], \"missing\": null}|false" })
    void valuesMayBeMissingOnlyWhereThatIsSaid(String json, boolean allowed) throws Exception {
        assertThat(metadata(json).missingAllowed()).isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = { "\"yes\"", "true", "\"Nan\"" })
    void anotherWordIsRefused(String missing) {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata("{\"input_shape\": [4], \"missing\": %s}".formatted(missing)))
            .withMessageContaining("missing must be \"allowed\" or \"refused\"");
    }

    @Test
    void onlyTheFeaturesMayLackValues() {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> metadata(
                """
                        {"inputs": [{"name": "x", "shape": [4]}, {"name": "raw_lob", "shape": [10, 4], "missing": "allowed"}]}"""))
            .withMessageContaining("inputs[1] has \"missing\": \"allowed\", but only values of the first input");
    }

    @Test
    void integersCantBeMissing() {
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(() -> metadata("""
                {"inputs": [{"name": "x", "shape": [4], "datatype": "INT64"}], "missing": "allowed"}"""))
            .withMessageContaining("values of input 'x' can't be missing, since INT64 has no NaN");
    }

    private ModelMetadata metadata(String json) throws Exception {
        Path file = temp.resolve("metadata.json");
        Files.writeString(file, json);
        return MetadataFile.read(file).describe(new ModelId("m", "1"));
    }

}
