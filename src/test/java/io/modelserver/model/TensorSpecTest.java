package io.modelserver.model;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TensorSpecTest {

    private final TensorSpec fixed = new TensorSpec("features", List.of(60, 110));

    private final TensorSpec free = new TensorSpec("features", List.of(TensorSpec.FREE, 110));

    @Test
    void aFixedShapeAcceptsOnlyItself() {
        assertThat(fixed.accepts(new int[] { 60, 110 })).isTrue();
        assertThat(fixed.accepts(new int[] { 59, 110 })).isFalse();
        assertThat(fixed.accepts(new int[] { 110, 60 })).isFalse();
        assertThat(fixed.accepts(new int[] { 6600 })).isFalse();
        assertThat(fixed.accepts(new int[] { 1, 60, 110 })).isFalse();
    }

    @Test
    void aFreeDimensionAcceptsAnyLength() {
        assertThat(free.accepts(new int[] { 7, 110 })).isTrue();
        assertThat(free.accepts(new int[] { 7, 109 })).isFalse();
        assertThat(free.isFixed()).isFalse();
    }

    @Test
    void elementsCountFreeDimensionsOnce() {
        assertThat(fixed.elements()).isEqualTo(6600);
        assertThat(free.elements()).isEqualTo(110);
    }

    @ParameterizedTest
    @ValueSource(ints = { 0, -2 })
    void aDimensionThatIsNoLengthIsRefused(int dimension) {
        assertThatIllegalArgumentException().isThrownBy(() -> new TensorSpec("features", List.of(60, dimension)))
            .withMessageContaining("positive dimensions");
    }

    @Test
    void aShapeWithMoreElementsThanAnArrayIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TensorSpec("features", List.of(1 << 16, 1 << 16)))
            .withMessageContaining("too large");
    }

    @Test
    void aTensorMustFillItsShape() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Tensor(new int[] { 2, 3 }, new float[5]))
            .withMessage("5 numbers do not fill the shape [2, 3]");
        assertThatThrownBy(() -> new Tensor(new int[] { 1 << 20, 1 << 20 }, new float[5]))
            .isInstanceOf(ArithmeticException.class);
    }

}
