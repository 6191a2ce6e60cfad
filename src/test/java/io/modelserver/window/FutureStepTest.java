package io.modelserver.window;

import java.util.OptionalLong;

import org.junit.jupiter.api.Test;

import static io.modelserver.window.TestWindows.HOUR;
import static io.modelserver.window.TestWindows.MINUTE;
import static io.modelserver.window.TestWindows.NOW;
import static io.modelserver.window.TestWindows.SECOND;
import static io.modelserver.window.TestWindows.have;
import static io.modelserver.window.TestWindows.history;
import static io.modelserver.window.TestWindows.window;
import static org.assertj.core.api.Assertions.assertThat;

/** Steps that are dated later than the server's clock. */
class FutureStepTest {

    private final TestWindows windows = TestWindows.of(5);

    @Test
    void aTimeFurtherAheadThanOnePeriodAndALittleIsRefusedByItself() {
        windows.ticks(5, SECOND);

        assertThat(windows.at(9, windows.wallMillis + 51 * SECOND)).isEqualTo(new WindowResult.Ahead(31 * SECOND));
        assertThat(window(windows.after(SECOND).tick(5))).containsExactly(1, -1, 2, -2, 3, -3, 4, -4, 5, -5);
    }

    @Test
    void oneEarlyTimeNeitherEmptiesAWindowNorShutsOutTrueSteps() {
        windows.ticks(5, SECOND);

        assertThat(windows.after(SECOND).at(9, windows.wallMillis + 20 * SECOND))
            .isEqualTo(new WindowResult.Ahead(SECOND));
        windows.at(9, windows.wallMillis + 8 * SECOND);

        assertThat(window(windows.after(SECOND).tick(6))).containsExactly(1, -1, 2, -2, 3, -3, 4, -4, 6, -6);
        assertThat(windows.resets + windows.staleSteps).isZero();
    }

    @Test
    void theCloseTimeOfTheRunningCandleIsNotTooFarAhead() {
        windows.ticks(5, HOUR);

        WindowResult closing = windows.after(SECOND).at(6, windows.wallMillis - SECOND + HOUR);

        assertThat(window(closing)).endsWith(6, -6);
        assertThat(windows.at(7, windows.wallMillis + HOUR + 31 * SECOND)).isInstanceOf(WindowResult.Ahead.class);
    }

    @Test
    void untilThePeriodIsKnownFiveMinutesAhead() {
        assertThat(have(windows.at(1, NOW + 231 * SECOND))).isEqualTo(1);
        assertThat(windows.at(2, NOW + 5 * MINUTE + 1)).isEqualTo(new WindowResult.Ahead(5 * MINUTE));
        SeriesKey hourly = windows.key("BTC", "1h");
        assertThat(have(windows.add(hourly, 1, OptionalLong.of(NOW + 59 * MINUTE)))).isEqualTo(1);
    }

    @Test
    void aRefusedFirstStepLeavesNoWindow() {
        windows.at(1, NOW + HOUR);

        assertThat(windows.store.size()).isZero();
        assertThat(windows.store.bytes()).isZero();
    }

    @Test
    void aRunningCandleDoesNotShutOutTheTrueStepsBeforeItsClose() {
        windows.at(1, NOW + 231 * SECOND);

        for (int i = 2; i <= 6; i++) {
            windows.tick(i);
            windows.after(SECOND);
        }

        assertThat(windows.staleSteps).isZero();
        assertThat(window(windows.tick(7))).containsExactly(3, -3, 4, -4, 5, -5, 6, -6, 7, -7);
    }

    @Test
    void aTrueStepTakesThePlaceOfTheRunningCandleAfterOthersToo() {
        windows.ticks(5, 5 * MINUTE);
        windows.after(MINUTE).at(6, windows.wallMillis + 4 * MINUTE);

        WindowResult live = windows.after(SECOND).tick(7);

        assertThat(window(live)).containsExactly(1, -1, 2, -2, 3, -3, 4, -4, 7, -7);
        assertThat(windows.store.list(windows.now()).getFirst().gaps()).isZero();
    }

    @Test
    void aStepOlderThanTheOneBeforeARunningCandleIsStaleAndSaysThatTheLastLiesAhead() {
        windows.ticks(5, 5 * MINUTE);
        long close = windows.wallMillis + 5 * MINUTE;
        windows.after(MINUTE).at(6, close);

        WindowResult late = windows.at(3, windows.wallMillis - 2 * MINUTE);

        assertThat(late).isEqualTo(new WindowResult.Stale(close, 4 * MINUTE, false));
        assertThat(windows.staleSteps).isEqualTo(1);
    }

    @Test
    void aHistoryMayEndWithTheRunningCandleButNotLater() {
        SeriesKey key = windows.key("BTC", null);

        assertThat(windows.store.fill(key, history(5, NOW - 3 * HOUR - MINUTE, HOUR), windows.now()))
            .isInstanceOf(HistoryFill.Filled.class);
        assertThat(windows.store.fill(key, history(5, NOW - 2 * HOUR + MINUTE, HOUR), windows.now()))
            .isEqualTo(new HistoryFill.Ahead(3, HOUR + 30 * SECOND));
        assertThat(windows.store.list(windows.now()).getFirst().have()).isEqualTo(5);
    }

}
