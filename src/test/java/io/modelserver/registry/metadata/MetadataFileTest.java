package io.modelserver.registry.metadata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.Datatype;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Task;
import io.modelserver.model.TensorSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

    @Test
    void anyNumberOfInputsIsRead() throws Exception {
        ModelMetadata metadata = metadata("""
                {"inputs": [{"name": "prices", "shape": [60, 2]}, {"name": "venue", "datatype": "INT64", "shape": [1]},
                            {"name": "open", "datatype": "bool", "shape": [-1]}]}""");

        assertThat(metadata.inputs()).containsExactly(new TensorSpec("prices", Datatype.FP32, List.of(60, 2)),
                new TensorSpec("venue", Datatype.INT64, List.of(1)),
                new TensorSpec("open", Datatype.BOOL, List.of(TensorSpec.FREE)));
        assertThat(metadata.rawLob()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", value = {
            "{`inputs`: [{`name`: `raw_lob`, `shape`: [20, 10, 4]}]}|none",
            "{`inputs`: [{`name`: `raw_lob`, `shape`: [10, 4], `columns`: [`ask_qty`, `ask_price`, `bid_qty`, "
                    + "`bid_price`]}]}|ask_qty ask_price bid_qty bid_price",
            "{`inputs`: [{`name`: `raw_lob`, `shape`: [10, 4], `feature_names`: [`a`, `b`, `c`, `d`]}]}|a b c d",
            "{`feature_names`: [`a`, `b`, `c`, `d`], `inputs`: [{`name`: `raw_lob`, `shape`: [10, 4]}]}|a b c d",
            "{`feature_names`: [`a`, `b`], `inputs`: [{`name`: `features`, `shape`: [2]}, {`name`: `raw_lob`, "
                    + "`shape`: [10, 4]}]}|none",
            "{`inputs`: [{`name`: `raw_lob`, `shape`: [2, -1, 2], `feature_names`: [`price`, `qty`]}]}|none" })

    void theColumnsOfAnOrderBookAreRead(String json, String columns) throws Exception {
        assertThat(metadata(json.replace('`', '"')).inputs().getLast().columns())
            .isEqualTo((columns == null) ? List.of() : List.of(columns.split(" ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "[`bid_price`, `bid_size`, `ask_price`, `ask_size`]", "`bid_price`", "[1, 2]",
            "[`bid_price`, `bid_price`, `ask_price`, `ask_qty`]" })

    void columnsThatTheServerDoesNotKnowAreRefused(String columns) {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata(
                    "{`inputs`: [{`name`: `raw_lob`, `shape`: [10, 4], `columns`: %s}]}".formatted(columns)
                        .replace('`', '"')))
            .withMessageContaining("the columns of inputs[0] must be [bid_price, bid_qty, ask_price, ask_qty]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "`columns`: [`bid_price`, `bid_qty`, `ask_price`, `ask_qty`], `feature_names`: [`ask_price`, `ask_qty`, "
                    + "`bid_price`, `bid_qty`], `shape`: [10, 4]|keep those that are in the model's order",
            "`columns`: [`bid_price`, `bid_qty`, `ask_price`, `ask_qty`], `shape`: [10, 2]|its shape is [10, 2]",
            "`columns`: [`bid_price`, `bid_qty`, `ask_price`, `ask_qty`], `feature_names`: [`a`, `b`], `shape`: [10, 4]|has 4 numbers" })
    void columnsThatContradictTheirInputAreRefused(String input, String reason) {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata(
                    "{`inputs`: [{`name`: `features`, `shape`: [2]}, {`name`: `raw_lob`, %s}]}".formatted(input)
                        .replace('`', '"')))
            .withMessageContaining(reason);
    }

    /** Their writers had words of their own, which were never read. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = { "\"datatype\": \"float64\"", "\"datatype\": 7", "\"dtype\": \"INT64\"" })
    void otherWordsForDatatypesMeanNothingAsBefore(String field) throws Exception {
        assertThat(metadata("{\"inputs\": [{\"shape\": [4], %s}]}".formatted(field)).inputs())
            .containsExactly(new TensorSpec("features", Datatype.FP32, List.of(4)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = { "{\"input_shape\": [4]}|DIRECTION",
                    "{\"input_shape\": [4], \"task\": \"classification\"}|DIRECTION",
                    "{\"input_shape\": [4], \"task\": \"direction\"}|DIRECTION",
                    "{\"input_shape\": [4], \"task\": \"Regression\"}|REGRESSION",
                    "{\"input_shape\": [4], \"task\": \"raw\"}|RAW" })
    void theTaskIsDirectionUnlessItIsSaid(String json, Task task) throws Exception {
        assertThat(metadata(json).task()).isEqualTo(task);
    }

    @Test
    void inputsMustHaveNamesOfTheirOwn() {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata("{\"inputs\": [{\"shape\": [4]}, {\"shape\": [4]}]}"))
            .withMessageContaining("each with a name of its own, not [features, features]");
    }

    private ModelMetadata metadata(String json) throws Exception {
        Path file = temp.resolve("metadata.json");
        Files.writeString(file, json);
        return MetadataFile.read(file).describe(new ModelId("m", "1"));
    }

}
