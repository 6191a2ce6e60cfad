package io.modelserver.registry.live;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

import io.modelserver.drift.Baseline;
import io.modelserver.drift.FeatureWindow;
import io.modelserver.drift.Limits;
import io.modelserver.fixtures.ModelsFolder;
import io.modelserver.fixtures.RealEngines;
import io.modelserver.model.ModelId;
import io.modelserver.registry.store.RegistryFolder;
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
    void oneWrongFeatureLeavesTheOthersTheirBaseline() throws IOException {
        Baseline baseline = baseline(
                """
                        {"input_shape": [4, 4], "feature_names": ["a", "b", "c", "d"], "feature_stats": {
                        "a": {"mean": 1, "std": 1, "quantiles": [0, 1]}, "b": {"mean": 1, "std": -1, "quantiles": [0, 1]},
                        "c": {"mean": 1, "std": 1, "quantiles": [0, 1], "bins": {"edges": [1, 0], "shares": [0.5, 0.25, 0.25]}}}}""");

        assertThat(baseline.lack()).isEmpty();
        assertThat(baseline.features()).satisfiesExactly((a) -> assertThat(a).isNotNull(),
                (b) -> assertThat(b).isNull(), (c) -> assertThat(c).isNull(), (d) -> assertThat(d).isNull());
        assertThat(baseline.without()).extracting(Baseline.Without::feature).containsExactly("b", "c", "d");
        assertThat(baseline.without()).extracting(Baseline.Without::reason)
            .containsExactly("b needs a finite mean, a std of 0 or more and at least two quantiles",
                    "c: the edges of bins must be finite and ascend", "d is not in feature_stats");
    }

    @Test
    void windowsAndLimitsOfTrainingAreRead() throws IOException {
        Baseline baseline = baseline("""
                {"input_shape": [4, 3], "feature_stats": {
                "old": {"mean": 1, "std": 1, "quantiles": [0, 1]},
                "fast": {"mean": 1, "std": 1, "quantiles": [0, 1], "bins": {"edges": [0.5], "shares": [0.25, 0.75]},
                "drift": {"window_seconds": 3600, "rows": 60, "psi": [0.5, 0.75], "mean_shift": [0.25, 1.5]}},
                "slow": {"mean": 1, "std": 1, "quantiles": [0, 1],
                "drift": {"window_seconds": 86400, "rows": 1440, "half_life_seconds": 20000}}}}""");

        assertThat(baseline.features()).extracting((feature) -> Objects.requireNonNull(feature).window())
            .containsExactly(FeatureWindow.FIXED,
                    FeatureWindow.ofBlocks(Duration.ofHours(1), 60, new Limits(0.5, 0.75), new Limits(0.25, 1.5)),
                    FeatureWindow.ofRange(Duration.ofDays(1), 1440));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            textBlock = """
                    # drift                                                                          | what is wrong
                    {}                                                                               | a window needs window_seconds of 60 or more
                    {"window_seconds": 3600, "rows": 0}                                              | a window needs window_seconds of 60 or more
                    {"window_seconds": 99999999, "rows": 9}                                          | a window can't be longer than 31 days
                    {"window_seconds": 3600, "rows": 60, "psi": [1, 2]}                              | drift.mean_shift must be two limits, [watch, drifted]
                    {"window_seconds": 3600, "rows": 60, "psi": 5, "mean_shift": [1, 2]}             | drift.psi must be two limits, [watch, drifted]
                    {"window_seconds": 3600, "rows": 60, "psi": [2, 1], "mean_shift": [1, 2]}        | limits must be two numbers above 0
                    {"window_seconds": 3600, "rows": 60, "psi": ["x", 1], "mean_shift": [1, 2]}      | limits must be two numbers above 0
                    """)
    void whatIsNoWindowIsSaid(String drift, String wrong) throws IOException {
        Baseline baseline = baseline("""
                {"input_shape": [4, 2], "feature_stats": {"a": {"mean": 1, "std": 1, "quantiles": [0, 1]},
                "b": {"mean": 1, "std": 1, "quantiles": [0, 1], "drift": %s}}}""".formatted(drift));

        assertThat(baseline.without()).singleElement()
            .satisfies((b) -> assertThat(b.reason()).startsWith("b: " + wrong));
    }

    @Test
    void featuresOfAnotherNumberAreNoBaseline() throws IOException {
        assertThat(baseline("""
                {"input_shape": [4, 2], "feature_stats": {"a": {"mean": 1, "std": 1, "quantiles": [0, 1]}}}""").lack())
            .isEqualTo("feature_stats in metadata.json can't be used: 1 features, the model takes 2");
    }

    @Test
    void aVersionThatIsNotThereHasNone() {
        assertThat(new TrainingStatistics(new RegistryFolder(root, 1 << 20, RealEngines.LIST)).baseline(VERSION).lack())
            .isEqualTo("the version does not exist");
    }

    private Baseline baseline(String metadata) throws IOException {
        new ModelsFolder(root).version("m", "1", "file", metadata);
        return new TrainingStatistics(new RegistryFolder(root, 1 << 20, RealEngines.LIST)).baseline(VERSION);
    }

}
