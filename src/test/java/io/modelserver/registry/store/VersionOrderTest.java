package io.modelserver.registry.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class VersionOrderTest {

    private final VersionOrder order = new VersionOrder();

    @ParameterizedTest
    @CsvSource({ "9, 10", "v1.9.0, v1.10.0", "1.0.0-rc1, 1.0.0", "1.0.0-rc2, 1.0.0-rc10", "1.0, 1.0.1",
            "20251114_192715, 20251121_081530", "20251114192715, 120251114192715", "1, 1.0", "run-9, run-10",
            "1.0.0, 1.0.0-1", "01, 1", "a1, a01b" })
    void numbersCountByTheirValue(String smaller, String greater) {
        assertThat(order.compare(smaller, greater)).isNegative();
        assertThat(order.compare(greater, smaller)).isPositive();
    }

    @Test
    void itIsATotalOrder() {
        List<String> sorted = List.of("1", "1.0-alpha", "1.0", "1.0.0-rc1", "1.0.0", "1.0.0-1", "2", "10", "v1", "v1.9",
                "v1.10");

        List<String> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(1));
        shuffled.sort(order);

        assertThat(shuffled).containsExactlyElementsOf(sorted);
        assertThat(order.compare("v1.9", "v1.9")).isZero();
    }

}
