package io.modelserver.window;

import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.modelserver.window.TestWindows.DAY;
import static io.modelserver.window.TestWindows.HOUR;
import static io.modelserver.window.TestWindows.MINUTE;
import static io.modelserver.window.TestWindows.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

/** Windows are bounded in memory, and none makes room for another that is as active. */
class WindowRoomTest {

    private static final int NEED = 60;

    private static final WindowSchema BUNDLED = new WindowSchema(NEED, 110, "bundled");

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void moreSymbolsInTurnThanFitLeaveThoseThatFitServed(CapturedOutput log) {
        TestWindows windows = new TestWindows(NEED, TestWindows.bounded(1000, 1 << 30));

        int answered = 0;
        for (int round = 0; round < NEED + 5; round++) {
            for (int symbol = 0; symbol < 1100; symbol++) {
                WindowResult result = windows.add(windows.key("S" + symbol, null), round,
                        OptionalLong.of(windows.wallMillis));
                assertThat(result instanceof WindowResult.Full).isEqualTo(symbol >= 1000);
                answered += (result instanceof WindowResult.Ready) ? 1 : 0;
            }
            windows.after(SECOND);
        }

        assertThat(answered).isEqualTo(6 * 1000);
        assertThat(windows.refused).isEqualTo(100 * (NEED + 5));
        assertThat(log.getAll()).contains("There is no room for the window of 'S1000': modelserver.window.max-windows");
        assertThat(log.getAll().lines().filter((line) -> line.contains("no room"))).hasSizeLessThan(5);
    }

    @Test
    void theBoundIsMemoryAndIsNeverExceeded() {
        long eachBytes = RollingWindow.bytes(new SeriesKey("S00", null, null, BUNDLED));
        TestWindows windows = new TestWindows(NEED, TestWindows.bounded(WindowSettings.UNLIMITED, 10 * eachBytes));

        for (int i = 10; i < 30; i++) {
            windows.store.add(new SeriesKey("S" + i, null, null, BUNDLED),
                    new Step(new float[110], OptionalLong.empty()), windows.now());
            assertThat(windows.store.bytes()).isLessThanOrEqualTo(10 * eachBytes);
        }

        assertThat(windows.store.size()).isEqualTo(10);
        assertThat(windows.refused).isEqualTo(10);
    }

    @Test
    void halfTheDefaultHeapHoldsTenThousandWindowsOfTheBundledModel() {
        long eachBytes = RollingWindow.bytes(new SeriesKey("BINANCE:1000PEPEUSDT", "15m", null, BUNDLED));

        assertThat(10_000 * eachBytes).isLessThan((long) (0.55 * (512 << 20)));
    }

    @Test
    void whatIsEmptiedOrIdleMakesRoom() {
        TestWindows windows = new TestWindows(NEED, TestWindows.bounded(2, 1 << 20));
        windows.ticks(5, MINUTE);
        windows.add(windows.key("ETH", null), 1, OptionalLong.empty());
        assertThat(windows.add(windows.key("SOL", null), 1, OptionalLong.empty()))
            .isInstanceOf(WindowResult.Full.class);

        windows.store.remove("ETH", null, null);
        assertThat(windows.add(windows.key("SOL", null), 1, OptionalLong.empty()))
            .isInstanceOf(WindowResult.Filling.class);

        windows.after(HOUR + 1);
        assertThat(windows.add(windows.key("XRP", null), 1, OptionalLong.empty()))
            .isInstanceOf(WindowResult.Filling.class);
        assertThat(windows.store.list(windows.now())).extracting(WindowStatus::symbol).containsExactly("SOL", "XRP");
    }

    @Test
    void symbolsOfDailyCandlesThatDoNotAllFitDoNotPushEachOtherOut() {
        TestWindows windows = new TestWindows(NEED, TestWindows.bounded(3, 1 << 20));
        for (int day = 0; day < 5; day++) {
            for (int symbol = 0; symbol < 6; symbol++) {
                windows.add(windows.key("S" + symbol, null), day, OptionalLong.of(windows.wallMillis));
                windows.after(2 * HOUR);
            }
            windows.after(DAY - 12 * HOUR);
        }

        assertThat(windows.store.list(windows.now())).extracting(WindowStatus::symbol)
            .containsExactly("S0", "S1", "S2");
        assertThat(windows.store.list(windows.now())).extracting(WindowStatus::have).containsOnly(5);
    }

    @Test
    void manyThreadsNeverTakeMoreRoomThanThereIs() throws Exception {
        TestWindows windows = new TestWindows(NEED, TestWindows.bounded(50, 1 << 30));
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var runs = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
                for (int i = 0; i < 2000; i++) {
                    SeriesKey key = windows.key("S" + (i * 7 + thread) % 120, null);
                    windows.store.add(key, TestWindows.step(i, OptionalLong.empty()), windows.now());
                    if (i % 11 == 0) {
                        windows.store.remove(key.symbol(), null, null);
                    }
                }
            })).toList();
            for (var run : runs) {
                run.get(5, TimeUnit.MINUTES);
            }
        }

        assertThat(windows.store.size()).isBetween(1, 50);
        long bytes = windows.store.windows().keySet().stream().mapToLong(RollingWindow::bytes).sum();
        assertThat(windows.store.bytes()).isEqualTo(bytes);
    }

}
