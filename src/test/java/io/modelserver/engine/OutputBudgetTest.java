package io.modelserver.engine;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutputBudgetTest {

    @Test
    void whatCanBeAnsweredIsAlwaysCopied() {
        OutputBudget budget = new OutputBudget(2);

        for (int output = 0; output < 1_000; output++) {
            assertThat(budget.covers(2, 1_024)).isTrue();
        }
        assertThat(budget.covers()).isTrue();
        assertThat(budget.covers(0, 5)).isTrue();
    }

    @Test
    void whatIsLargerIsCopiedAsLongAsAllOfItTogetherIsNot() {
        OutputBudget budget = new OutputBudget(2);

        assertThat(budget.covers(2, 65_000)).isTrue();
        assertThat(budget.covers(2, 1_025)).isFalse();
        assertThat(budget.covers(2, 500)).isTrue();
    }

    @Test
    void aShapeThatNoIntegerHoldsIsTooLarge() {
        assertThat(new OutputBudget(32).covers(32, Long.MAX_VALUE, Long.MAX_VALUE, 4)).isFalse();
    }

}
