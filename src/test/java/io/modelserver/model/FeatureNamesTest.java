package io.modelserver.model;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FeatureNamesTest {

    @Test
    void aPathLeadsToThePositionOfItsFeature() {
        FeatureNames names = new FeatureNames(List.of("orderbook.spread", "candle.close"));

        FeatureNames.Node candle = names.root().child("candle");

        assertThat(candle).isNotNull();
        assertThat(candle.isFeature()).isFalse();
        assertThat(candle.child("close")).isNotNull().satisfies((close) -> {
            assertThat(close.isFeature()).isTrue();
            assertThat(close.position()).isEqualTo(1);
        });
        assertThat(names.root().child("indicator")).isNull();
    }

    @Test
    void aKeyMayHoldAnyNumberOfAPathsSegments() {
        FeatureNames names = new FeatureNames(List.of("i.BBU_20_2.0", "i.BBU_20_2.0.upper"));

        FeatureNames.Node whole = names.root().child("i.BBU_20_2.0");

        assertThat(whole).isNotNull().isSameAs(follow(names, "i", "BBU_20_2.0"));
        assertThat(whole).isSameAs(follow(names, "i", "BBU_20_2", "0")).isSameAs(follow(names, "i.BBU_20_2", "0"));
        assertThat(whole.position()).isZero();
        assertThat(whole.leadsOn()).isTrue();
        assertThat(follow(names, "i", "BBU_20_2.0", "upper").position()).isEqualTo(1);
    }

    @Test
    void ofTwoWaysTheOneWithTheLongestFirstKeyRanksHigher() {
        FeatureNames names = new FeatureNames(List.of("a.b.c"));

        assertThat(List.of(rank(names, "a", "b", "c"), rank(names, "a", "b.c"), rank(names, "a.b", "c"),
                rank(names, "a.b.c")))
            .isSorted()
            .doesNotHaveDuplicates()
            .first()
            .isEqualTo(0);
    }

    @Test
    void aPathOfVeryManySegmentsIsFoundAsAWholeOrSegmentBySegment() {
        String path = "x" + ".x".repeat(50_000);
        FeatureNames names = new FeatureNames(List.of(path));

        assertThat(names.root().child(path)).isSameAs(follow(names, path.split("\\.")));
        assertThat(names.root().child("x.x")).isNull();
        assertThat(rank(names, path)).isGreaterThan(rank(names, path.split("\\."))).isPositive();
    }

    @Test
    void aNameThatIsGivenTwiceIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureNames(List.of("a.b", "a.b")))
            .withMessage("the feature name a.b is given twice");
    }

    private static FeatureNames.Node follow(FeatureNames names, String... keys) {
        FeatureNames.Node node = names.root();
        for (String key : keys) {
            node = Objects.requireNonNull(node.child(key), key);
        }
        return node;
    }

    private static int rank(FeatureNames names, String... keys) {
        FeatureNames.Node node = names.root();
        int rank = 0;
        for (String key : keys) {
            FeatureNames.Node next = Objects.requireNonNull(node.child(key), key);
            rank = next.rank(node, rank);
            node = next;
        }
        return rank;
    }

}
