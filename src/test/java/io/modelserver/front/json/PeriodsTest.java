package io.modelserver.front.json;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class PeriodsTest {

    @ParameterizedTest
    @CsvSource({ "15m,PT15M", "PT15M,PT15M", "pt1h,PT1H", "P1D,PT24H", "1500ms,PT1.5S", "PT0.0001S,PT0S" })
    void aLengthIsReadInEitherForm(String text, Duration duration) {
        assertThat(Periods.parse(text)).contains(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = { "", "soon", "1", "PT", "1 h", "PT99999999999999999999H" })
    void whatIsNoLengthIsNotRead(String text) {
        assertThat(Periods.parse(text)).isEmpty();
    }

    @Test
    void aBoundIsToldInTheFormOfTheCaller() {
        assertThat(Periods.textLike("0s", Duration.ofDays(366))).isEqualTo("8784h");
        assertThat(Periods.textLike("PT0S", Duration.ofDays(366))).isEqualTo("PT8784H");
    }

}
