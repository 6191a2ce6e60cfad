package io.modelserver.ledger;

import java.time.Instant;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EventTimeTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @ParameterizedTest
    @ValueSource(strings = { "2000-01-01T00:00:00Z", "2019-05-06T07:08:09.010Z", "2026-01-02T03:04:05.678Z",
            "2026-01-02T04:04:05.678Z" })
    void aTimeThatCanBeIsTaken(Instant time) {
        assertThat(EventTime.of(OptionalLong.of(time.toEpochMilli()), NOW)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(longs = { Long.MIN_VALUE, 0, 1_767_323_045, 1_767_323_045_678_000L, Long.MAX_VALUE })
    void whatIsNoSuchTimeCountsForNothing(long millis) {
        assertThat(EventTime.of(OptionalLong.of(millis), NOW)).isNull();
    }

    @Test
    void noBlockOfTimeIsOfTheFuture() {
        assertThat(EventTime.of(OptionalLong.of(NOW.plusSeconds(3_601).toEpochMilli()), NOW)).isNull();
        assertThat(EventTime.of(OptionalLong.empty(), NOW)).isNull();
    }

}
