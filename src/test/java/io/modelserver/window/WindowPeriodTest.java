package io.modelserver.window;

import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.modelserver.window.TestWindows.DAY;
import static io.modelserver.window.TestWindows.HOUR;
import static io.modelserver.window.TestWindows.MINUTE;
import static io.modelserver.window.TestWindows.NOW;
import static io.modelserver.window.TestWindows.SECOND;
import static io.modelserver.window.TestWindows.have;
import static io.modelserver.window.TestWindows.history;
import static io.modelserver.window.TestWindows.ready;
import static org.assertj.core.api.Assertions.assertThat;

/** Gaps are measured in the period of the series itself. */
class WindowPeriodTest {

    private static final int NEED = 60;

    private final TestWindows windows = TestWindows.of(NEED);

    @ParameterizedTest
    @ValueSource(longs = { SECOND, MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY })
    void sixtyStepsFillAWindowWhateverTheirPeriod(long period) {
        WindowResult sixtieth = windows.ticks(NEED, period);

        assertThat(ready(sixtieth).coverage()).isEqualTo(new WindowCoverage(1, 0, false));
        assertThat(windows.store.list(windows.now()).getFirst().period()).isEqualTo(period / 1e3);
        assertThat(windows.resets).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = { SECOND, MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY })
    void aHistoryOfSixtyStepsFillsAWindowWhateverTheirPeriod(long period) {
        HistoryFill filled = windows.store.fill(windows.key("BTC", null),
                history(NEED, NOW - (NEED - 1) * period, period), windows.now());

        assertThat(filled).isInstanceOfSatisfying(HistoryFill.Filled.class, (kept) -> {
            assertThat(kept.window().have()).isEqualTo(NEED);
            assertThat(kept.dropped()).isZero();
            assertThat(kept.reason()).isNull();
        });
        assertThat(ready(windows.after(period).tick(1)).coverage().gaps()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = { SECOND, MINUTE, 15 * MINUTE, HOUR, DAY })
    void windowsAreNotDroppedBetweenTwoOfTheirOwnSteps(long period) {
        windows.tick(0);
        for (int i = 1; i < NEED; i++) {
            windows.after(period).store.expireIdle(windows.now());
            windows.tick(i);
        }

        assertThat(windows.store.filling()).isZero();
    }

    @Test
    void jitterIsNoGap() {
        Random random = new Random(20261127);
        long candle = NOW;
        WindowResult result = windows.at(0, candle);
        for (int i = 1; i < 200; i++) {
            windows.after(5 * MINUTE);
            result = windows.at(i, NOW + i * 5L * MINUTE - random.nextLong(40 * SECOND));
        }

        assertThat(ready(result).coverage()).isEqualTo(new WindowCoverage(1, 0, false));
        assertThat(windows.resets).isZero();
    }

    @Test
    void aMissingCandleIsToldAndDoesNotChangeThePeriod() {
        windows.ticks(NEED, HOUR);

        WindowCoverage coverage = ready(windows.after(2 * HOUR).tick(1)).coverage();

        assertThat(coverage.gaps()).isEqualTo(1);
        assertThat(coverage.filled()).isEqualTo(60 / 61.0);
        for (int i = 0; i < NEED - 2; i++) {
            assertThat(ready(windows.after(HOUR).tick(i)).coverage().gaps()).isEqualTo(1);
        }
        assertThat(ready(windows.after(HOUR).tick(1)).coverage()).isEqualTo(new WindowCoverage(1, 0, false));
        assertThat(windows.store.list(windows.now()).getFirst().period()).isEqualTo(3600);
    }

    @ParameterizedTest
    @CsvSource({ "1000, 240000", "60000, 3660000", "900000, 14400000", "86400000, 1036800000" })
    @ExtendWith(OutputCaptureExtension.class)
    void aSilenceOfMoreMissingPeriodsThanAllowedRestartsTheWindow(long period, long silence, CapturedOutput log) {
        windows.ticks(NEED, period);

        WindowResult.Filling filling = (WindowResult.Filling) windows.after(silence).tick(7);

        assertThat(filling.have()).isEqualTo(1);
        assertThat(filling.restart()).contains("a gap of %d s".formatted(silence / 1000),
                "%d missing steps at a period of %d s".formatted(silence / period - 1, period / 1000));
        assertThat(windows.resets).isEqualTo(1);
        assertThat(log.getAll()).contains("The window of 'BTC' restarts after a gap of", "max-missing is 10");
    }

    @Test
    void asManyMissingPeriodsAsAllowedDoNotRestartIt() {
        windows.ticks(NEED, MINUTE);

        assertThat(ready(windows.after(11 * MINUTE).tick(1)).coverage().gaps()).isEqualTo(10);
        assertThat(have(windows.after(12 * MINUTE).tick(1))).isEqualTo(1);
    }

    @Test
    void aGapFromBeforeThePeriodWasKnownRestartsItTheMomentItIs() {
        windows.tick(0);
        windows.after(3 * HOUR).tick(1);
        windows.after(MINUTE).tick(2);

        assertThat(have(windows.after(MINUTE).tick(3))).isEqualTo(3);
        assertThat(windows.resets).isEqualTo(1);
    }

    @Test
    void aFirstStepInTheMiddleOfACandleIsNotTakenForThePeriod() {
        windows.tick(0);
        WindowResult result = windows.after(10 * SECOND).tick(1);
        for (int i = 2; i < NEED; i++) {
            result = windows.after(15 * MINUTE).tick(i);
        }

        assertThat(ready(result).coverage().gaps()).isZero();
    }

    @Test
    void aSeriesThatChangesItsPeriodForGoodFillsAgain() {
        windows.ticks(NEED, MINUTE);

        WindowResult result = windows.after(HOUR).tick(0);
        for (int i = 0; i < NEED + 3; i++) {
            result = windows.after(HOUR).tick(i);
        }

        assertThat(ready(result).coverage().gaps()).isZero();
        assertThat(windows.resets).isEqualTo(2);
    }

    @Test
    void whereNightsAreSilentThePeriodOfTheDayStaysKnown() {
        windows.ticks(NEED, MINUTE);

        assertThat(have(windows.after(17 * HOUR).tick(0))).isEqualTo(1);
        for (int i = 2; i < NEED; i++) {
            assertThat(have(windows.after(MINUTE).tick(i))).isEqualTo(i);
        }
        assertThat(windows.resets).isEqualTo(1);
    }

    @Test
    void ticksThatComeAsTradesDoHaveNoGapsAndRestartAfterFiveMinutes() {
        Random random = new Random(7);
        WindowResult result = windows.tick(0);
        for (int i = 1; i < 500; i++) {
            result = windows.after(1 + (long) (-Math.log(random.nextDouble()) * 2000)).tick(i);
        }

        assertThat(ready(result).coverage().gaps()).isNull();
        assertThat(ready(windows.after(4 * MINUTE).tick(1)).coverage().gaps()).isNull();
        assertThat(windows.resets).isZero();
        assertThat(have(windows.after(6 * MINUTE).tick(2))).isEqualTo(1);
    }

    @Test
    void aTimeframeIsThePeriodFromTheFirstStepOn() {
        SeriesKey hourly = windows.key("BTC", "1h");
        windows.add(hourly, 1, OptionalLong.of(windows.wallMillis));

        windows.after(12 * HOUR);

        assertThat(have(windows.add(hourly, 2, OptionalLong.of(windows.wallMillis)))).isEqualTo(1);
        assertThat(windows.resets).isEqualTo(1);
        assertThat(windows.store.list(windows.now()).getFirst().timeframe()).isEqualTo("1h");
    }

    @Test
    void anExplicitLongestGapRestartsAsItDidBefore() {
        TestWindows capped = new TestWindows(3, TestWindows.restartingAfter(WindowSettings.UNLIMITED, 5 * MINUTE));
        capped.ticks(3, SECOND);

        assertThat(ready(capped.after(5 * MINUTE).tick(1)).coverage().gaps()).isEqualTo(299);
        assertThat(have(capped.after(5 * MINUTE + 1).tick(1))).isEqualTo(1);
    }

    @Test
    void withoutTimesArrivalsShowThePeriodAndShortPausesRestartNothing() {
        for (int i = 0; i < NEED; i++) {
            windows.after(SECOND).untimed(i);
        }

        WindowCoverage paused = ready(windows.after(4 * MINUTE).untimed(1)).coverage();

        assertThat(paused.gaps()).isEqualTo(239);
        assertThat(paused.filled()).isLessThan(0.21);
        assertThat(have(windows.after(6 * MINUTE).untimed(1))).isEqualTo(1);
    }

    @Test
    void stepsWithoutTimesThatComeInABurstHaveNoPeriod() {
        WindowResult result = windows.untimed(0);
        for (int i = 1; i < 200; i++) {
            result = windows.after(i % 3).untimed(i);
        }

        assertThat(ready(result).coverage()).isEqualTo(new WindowCoverage(1, null, false));
        assertThat(ready(windows.after(MINUTE).untimed(1)).coverage().gaps()).isNull();
    }

    @Test
    void aHistoryThatIsTooLongOrHasAGapSaysWhatWasDropped() {
        var steps = history(5, NOW - 3 * DAY, HOUR);
        steps.addAll(history(NEED + 6, NOW - (NEED + 6) * HOUR, HOUR));

        HistoryFill filled = windows.store.fill(windows.key("BTC", null), steps, windows.now());

        assertThat(filled).isInstanceOfSatisfying(HistoryFill.Filled.class, (kept) -> {
            assertThat(kept.window().have()).isEqualTo(NEED);
            assertThat(kept.dropped()).isEqualTo(11);
        });
        HistoryFill gapped = windows.store.fill(windows.key("ETH", null), withGap(), windows.now());
        assertThat(gapped).isInstanceOfSatisfying(HistoryFill.Filled.class, (kept) -> {
            assertThat(kept.window().have()).isEqualTo(20);
            assertThat(kept.dropped()).isEqualTo(30);
            assertThat(kept.reason())
                .isEqualTo("30 lie before a gap of 43200 s, 11 missing steps at a period of 3600 s");
        });
    }

    private static java.util.List<Step> withGap() {
        var steps = history(30, NOW - 20 * HOUR - 12 * HOUR - 29 * HOUR, HOUR);
        steps.addAll(history(20, NOW - 20 * HOUR, HOUR));
        return steps;
    }

}
