package io.modelserver.registry.metadata;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.modelserver.engine.ModelLoadException;
import io.modelserver.model.ModelId;
import io.modelserver.model.ModelInput;
import io.modelserver.model.ModelMetadata;
import io.modelserver.model.Tensor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class DeclaredScalingTest {

    @TempDir
    Path temp;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'type': 'standard', 'mean': [1, 2], 'scale': [2, 4]}                                         | 4.5 | 4.5
            {'mean': [1, 2], 'scale': 2}                                                                  | 4.5 | 9
            {'type': 'minmax', 'min': [0, 10], 'max': [20, 30]}                                           | 0.5 | 0.5
            {'type': 'MinMax', 'min': [0, 10], 'max': [20, 30], 'feature_range': [-1, 1]}                 | 0   | 0
            {'min': 0, 'max': 20}                                                                         | 0.5 | 1
            {'type': 'robust', 'center': [5, 10], 'scale': [5, 5]}                                        | 1   | 2
            {'center': 5, 'scale': 5}                                                                     | 1   | 3
            {'features': {'type': 'standard', 'mean': [1, 2], 'scale': [2, 4]}}                           | 4.5 | 4.5
            """)
    void theKindsOfScalers(String scaling, float first, float second) throws Exception {
        assertThat(scaled(metadata("{\"input_shape\": [2], \"scaling\": %s}", scaling), null)).containsExactly(first,
                second);
        if (!scaling.contains("features")) {
            assertThat(scaled(metadata("{\"inputs\": [{\"shape\": [2], \"scaling\": %s}]}", scaling), null))
                .containsExactly(first, second);
        }
    }

    @Test
    void symbolsHaveScalesOfTheirOwn() throws Exception {
        ModelMetadata metadata = metadata("{\"input_shape\": [2], \"scaling\": %s}",
                "{'type': 'minmax', 'min': 0, 'max': 20, 'feature_range': [0, 2], 'by_symbol': {"
                        + "'BTC/USDT:USDT': {'min': [0, 0], 'max': [10, 20]},"
                        + "'ETHUSDT': {'type': 'standard', 'mean': 0, 'scale': 5}}}");

        assertThat(scaled(metadata, "BTC/USDT:USDT")).containsExactly(2, 2);
        assertThat(scaled(metadata, "ETHUSDT")).containsExactly(2, 4);
        assertThat(scaled(metadata, "XRPUSDT")).containsExactly(1, 2);
    }

    @Test
    void thereMayBeNoneForOtherSymbols() throws Exception {
        ModelMetadata metadata = metadata("{\"input_shape\": [2], \"scaling\": %s}",
                "{'type': 'standard', 'by_symbol': {'BTCUSDT': {'mean': 0, 'scale': 5}}}");

        assertThat(scaled(metadata, "BTCUSDT")).containsExactly(2, 4);
        assertThat(metadata.preparation().problem("XRPUSDT"))
            .hasValue("the scaling of input 'features' is by symbol and has none for 'XRPUSDT', only BTCUSDT");
    }

    @Test
    void everyInputMayBeScaled() throws Exception {
        ModelMetadata metadata = metadata(
                "{\"inputs\": [{\"shape\": [2]}, {\"name\": \"raw_lob\", \"shape\": [5, 4], "
                        + "\"scaling\": {\"mean\": [0, 1, 2, 3], \"scale\": 1}}], \"scaling\": %s}",
                "{'mean': 0, 'scale': 10}");

        assertThat(metadata.preparation().scaling()).containsOnlyKeys("features", "raw_lob");
    }

    /** Before scaling was known they were never read, and mean nothing now either. */
    @ParameterizedTest
    @ValueSource(strings = { "'standard'", "true", "null", "{}", "['z-score']",
            "{'method': 'z-score', 'by': 'the bot'}", "{'type': 'StandardScaler'}" })
    void notesOfTrainersAreNotes(String scaling) throws Exception {
        assertThat(metadata("{\"input_shape\": [2], \"scaling\": %s}", scaling).preparation().scaling()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    {'type': 'zscore', 'mean': 0, 'scale': 1}                    | scaling.type must be standard, minmax or robust, not "zscore"
                    {'type': 'standard'}                                         | scaling has no 'mean': standard needs 'mean' and 'scale'
                    {'mean': [1, 2], 'std': [1, 2]}                              | scaling has no 'scale': standard needs 'mean' and 'scale'
                    {'type': 'robust', 'mean': 0, 'scale': 1}                    | scaling has no 'center': robust needs 'center' and 'scale'
                    {'scale': 1}                                                 | scaling must have mean and scale (standard), min and max (minmax)
                    {'mean': 0, 'center': 0, 'scale': 1}                         | fields of different types: add "type": "standard" or "robust"
                    {'mean': [1, 2, 3], 'scale': 1}                              | scaling.mean has 3 numbers, but input 'features' has 2 features
                    {'mean': [1], 'scale': 1}                                    | scaling.mean has 1 numbers, but input 'features' has 2 features
                    {'mean': 0, 'scale': [1, 0]}                                 | scaling.scale[1] is 0.0, expected a number greater than 0
                    {'mean': 0, 'scale': -1}                                     | scaling.scale is -1.0, expected a number greater than 0
                    {'mean': 0, 'scale': [1, NaN]}                               | scaling.scale[1] is NaN, expected a finite number
                    {'mean': 1e999, 'scale': 1}                                  | scaling.mean is Infinity, expected a finite number
                    {'mean': '0', 'scale': 1}                                    | scaling.mean is "0", expected a finite number
                    {'min': [0, 3], 'max': [1, 3]}                               | scaling.max[1] is 3.0, expected more than the min 3.0
                    {'min': 0, 'max': 1, 'feature_range': [1, 0]}                | scaling.feature_range must be two numbers, the lower one first
                    {'mean': 0, 'scale': 1, 'by_symbol': []}                     | scaling.by_symbol must be an object with a scaling for each symbol
                    {'mean': 0, 'scale': 1, 'by_symbol': {'A': {'mean': 1}}}     | scaling.by_symbol.A has no 'scale'
                    {'mean': 0, 'scale': 1, 'by_symbl': {'A': {'mean': 1, 'scale': 2}}} | scaling.by_symbl is not read
                    {'by_symbol': {'A': {'scale': 1}}}                           | scaling.by_symbol.A must have mean and scale
                    """)
    void whatCantBeAppliedIsRefused(String scaling, String reason) {
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata("{\"input_shape\": [2], \"scaling\": %s}", scaling))
            .withMessageStartingWith("metadata.json: ")
            .withMessageContaining(reason);
    }

    @Test
    void oneInputHasOneScaling() {
        String scaling = "{'mean': 0, 'scale': 1}";
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata(
                    "{\"inputs\": [{\"shape\": [2], \"scaling\": {\"mean\": 0, \"scale\": 1}}], \"scaling\": %s}",
                    scaling))
            .withMessageContaining("input 'features' has a scaling twice");
        assertThatExceptionOfType(ModelLoadException.class).isThrownBy(
                () -> metadata("{\"inputs\": [{\"shape\": [2], \"datatype\": \"INT64\"}], \"scaling\": %s}", scaling))
            .withMessageContaining("scaling: input 'features' is INT64, only floating-point numbers can be scaled");
    }

    @Test
    void whereTheNumberOfFeaturesIsFreeThereIsOneScaleForAll() throws Exception {
        assertThat(scaled(metadata("{\"input_shape\": [-1], \"scaling\": %s}", "{'mean': 0, 'scale': 10}"), null))
            .containsExactly(1, 2);
        assertThatExceptionOfType(ModelLoadException.class)
            .isThrownBy(() -> metadata("{\"input_shape\": [-1], \"scaling\": %s}", "{'mean': [1, 2], 'scale': 1}"))
            .withMessageContaining("may have any number of features: give a single number");
    }

    private ModelMetadata metadata(String json, String scaling) throws Exception {
        Path file = temp.resolve("metadata.json");
        Files.writeString(file, json.formatted(scaling.replace('\'', '"')));
        return MetadataFile.read(file).describe(new ModelId("m", "1"));
    }

    /** What becomes of the numbers 10 and 20. */
    private static float[] scaled(ModelMetadata metadata, @Nullable String symbol) {
        ModelInput input = new ModelInput(List.of(new Tensor(new int[] { 2 }, new float[] { 10, 20 })), symbol);
        return metadata.preparation().scaled(metadata.inputs(), input).tensors().getFirst().values();
    }

}
