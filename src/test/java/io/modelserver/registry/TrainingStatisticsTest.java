package io.modelserver.registry;

import java.io.IOException;
import java.nio.file.Path;

import io.modelserver.drift.Baseline;
import io.modelserver.fixtures.RegistryFolder;
import io.modelserver.inference.ModelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TrainingStatisticsTest {

    private static final ModelId VERSION = new ModelId("m", "1");

    @TempDir
    private Path root;

    @Test
    void featuresStandInTheOrderOfTheirNames() throws IOException {
        Baseline baseline = baseline("""
                {"input_shape": [4, 2], "feature_names": ["b", "a"],
                "feature_stats": {"a": {"mean": 1, "std": 0, "quantiles": [1, 1]}}}""");

        assertThat(baseline.lack()).isEmpty();
        assertThat(baseline.features()).satisfiesExactly((first) -> assertThat(first).isNull(), (second) -> {
            assertThat(second.name()).isEqualTo("a");
            assertThat(second.quantiles()).containsExactly(1.0, 1.0);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    # feature_stats                                     | why there is no baseline
                    null                                                | metadata.json has no feature_stats
                    {}                                                  | metadata.json has no feature_stats
                    [1]                                                 | feature_stats in metadata.json can't be used: expected an object of features
                    "x"                                                 | feature_stats in metadata.json can't be used: expected an object of features
                    {"a": null, "b": null}                              | feature_stats in metadata.json has none of the model's features
                    {"c": {"mean": 1, "std": 1, "quantiles": [0, 1]}}   | feature_stats in metadata.json has none of the model's features
                    {"a": 5}                                            | feature_stats in metadata.json can't be used: a must be an object
                    {"a": {"mean": 1, "std": -1, "quantiles": [0, 1]}}  | feature_stats in metadata.json can't be used: a needs a finite mean
                    {"a": {"mean": 1, "std": 1, "quantiles": [2, 1]}}   | feature_stats in metadata.json can't be used: the quantiles of a must ascend
                    """)
    void whatIsNoBaselineIsSaid(String stats, String lack) throws IOException {
        Baseline baseline = baseline(
                "{\"input_shape\": [4, 2], \"feature_names\": [\"a\", \"b\"], \"feature_stats\": " + stats + "}");

        assertThat(baseline.lack()).startsWith(lack);
        assertThat(baseline.features()).isEmpty();
    }

    @Test
    void featuresOfAnotherNumberAreNoBaseline() throws IOException {
        assertThat(baseline("""
                {"input_shape": [4, 2], "feature_stats": {"a": {"mean": 1, "std": 1, "quantiles": [0, 1]}}}""").lack())
            .isEqualTo("feature_stats in metadata.json can't be used: 1 features, the model takes 2");
    }

    @Test
    void aVersionThatIsNotThereHasNone() {
        assertThat(new TrainingStatistics(new ModelRepository(root, 1 << 20)).baseline(VERSION).lack())
            .isEqualTo("the version is not there");
    }

    private Baseline baseline(String metadata) throws IOException {
        new RegistryFolder(root).version("m", "1", "file", metadata);
        return new TrainingStatistics(new ModelRepository(root, 1 << 20)).baseline(VERSION);
    }

}
