package io.modelserver.window;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class TimeframeTest {

    @ParameterizedTest
    @CsvSource({ "1s, 1", "30S, 30", "1m, 60", "5min, 300", "15T, 900", "M15, 900", "60m, 3600", "1h, 3600",
            "4H, 14400", "H4, 14400", "PT15M, 900", "24h, 86400", "1d, 86400", "D1, 86400", "P1D, 86400", "1w, 604800",
            "W1, 604800", "1M, 2592000", "MN1, 2592000", "86400s, 86400" })
    void theNamesThatAreInUseAreUnderstood(String timeframe, long seconds) {
        assertThat(Timeframe.millis(timeframe)).hasValue(seconds * 1000);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "tick", "60", "0m", "-1h", "1x", "m", "PT0S", "-PT1H", "999999M", "400d", "1h ",
            "\u0661h" })
    void ofAnyOtherThePeriodIsLearned(String timeframe) {
        assertThat(Timeframe.millis(timeframe)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = { "0", "0m", "00h", "M0", "-1m", "-1", "-PT1H", "PT0S", " 1m", "1m ", "\t1h" })
    void whatIsZeroNegativeOrBlankAtItsEndsCanNotBe(String timeframe) {
        assertThat(Timeframe.isImpossible(timeframe)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = { "1m", "M15", "PT15M", "tick", "60", "0x", "1 m", "1.5h", "hourly", "10m" })
    void anyOtherMayBeANameOfASeries(String timeframe) {
        assertThat(Timeframe.isImpossible(timeframe)).isFalse();
    }

    @Test
    void withoutATimeframeToo() {
        assertThat(Timeframe.millis(null)).isEmpty();
    }

}
