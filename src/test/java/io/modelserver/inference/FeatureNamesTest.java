package io.modelserver.inference;

import java.util.List;

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
    void aNameThatIsGivenTwiceIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureNames(List.of("a.b", "a.b")))
            .withMessageContaining("a.b");
    }

    @Test
    void aNameThatLeadsThroughAnotherIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureNames(List.of("a", "a.b")));
        assertThatIllegalArgumentException().isThrownBy(() -> new FeatureNames(List.of("a.b", "a")));
    }

}
