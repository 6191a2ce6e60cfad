package io.modelserver.window;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WindowStoreTest {

    private static final long NOW = 1_763_148_435_000L;

    private static final long IDLE = 600_000;

    private static final WindowSchema SCHEMA = new WindowSchema(3, 2, "names");

    private static final SeriesKey BTC = new SeriesKey("BTC", null, null, SCHEMA);

    private static final SeriesKey ETH = new SeriesKey("ETH", null, null, SCHEMA);

    private final AtomicInteger resets = new AtomicInteger();

    private final AtomicInteger stale = new AtomicInteger();

    private final WindowStore store = store(100, WindowSettings.Fill.WAIT);

    @Test
    void untilAWindowIsFullItSaysWhatItHasAndNeeds() {
        assertThat(add(1)).isEqualTo(new WindowResult.Filling(1, 3, null));
        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3, null));
        assertThat(window(add(3))).containsExactly(1, -1, 2, -2, 3, -3);
    }

    @Test
    void aFullWindowRollsOverTheOldestStep() {
        IntStream.rangeClosed(1, 7).forEach(this::add);

        assertThat(window(add(8))).containsExactly(6, -6, 7, -7, 8, -8);
    }

    @Test
    void aRetryCountsOnce() {
        add(1);
        add(2);
        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3, null));
        add(3);
        add(4);

        WindowResult retry = store.add(BTC, step(9, OptionalLong.of(NOW + 4)), now(0));

        assertThat(window(retry)).containsExactly(2, -2, 3, -3, 9, -9);
        assertThat(window(add(5))).containsExactly(3, -3, 9, -9, 5, -5);
    }

    @Test
    void aStaleStepIsLeftOut() {
        add(1);
        add(2);
        add(4);

        assertThat(add(3)).isEqualTo(new WindowResult.Stale(NOW + 4, 4, false));
        assertThat(window(add(5))).containsExactly(2, -2, 4, -4, 5, -5);
        assertThat(stale).hasValue(1);
    }

    @Test
    void withoutTimesTheOrderOfArrivalCounts() {
        untimed(1);
        untimed(2);

        assertThat(window(untimed(2))).containsExactly(1, -1, 2, -2, 2, -2);
    }

    @Test
    void whereTheFirstStepIsRepeatedTheShareOfTrueStepsIsTold() {
        WindowStore repeating = store(100, WindowSettings.Fill.REPEAT);

        WindowResult first = repeating.add(BTC, step(1, OptionalLong.of(NOW)), now(0));
        WindowResult second = repeating.add(BTC, step(2, OptionalLong.of(NOW + 1)), now(0));

        assertThat(window(first)).containsExactly(1, -1, 1, -1, 1, -1);
        assertThat(window(second)).containsExactly(1, -1, 1, -1, 2, -2);
        assertThat(second).isInstanceOfSatisfying(WindowResult.Ready.class,
                (ready) -> assertThat(ready.coverage().filled()).isEqualTo(2 / 3.0));
    }

    @Test
    void symbolsAndSchemasHaveWindowsOfTheirOwn() {
        WindowSchema other = new WindowSchema(3, 2, "other names");
        add(1);

        assertThat(store.add(ETH, step(1, OptionalLong.of(NOW)), now(0)))
            .isEqualTo(new WindowResult.Filling(1, 3, null));
        assertThat(store.add(new SeriesKey("BTC", null, null, other), step(1, OptionalLong.of(NOW)), now(0)))
            .isEqualTo(new WindowResult.Filling(1, 3, null));
        assertThat(store.size()).isEqualTo(3);
        assertThat(store.filling()).isEqualTo(3);
    }

    @Test
    void idleWindowsAreDropped() {
        IntStream.rangeClosed(1, 5).forEach((i) -> store.add(BTC, step(i, OptionalLong.of(NOW + 1000L * i)), now(0)));
        store.add(ETH, step(1, OptionalLong.empty()), now(IDLE));

        store.expireIdle(now(IDLE + 1));

        assertThat(store.list(now(IDLE + 1))).extracting(WindowStatus::symbol).containsExactly("ETH");
    }

    @Test
    void seriesOfOneSymbolHaveWindowsOfTheirOwnAndAreEmptiedByTheirNames() {
        for (SeriesKey key : List.of(series("1m", null), series("5m", null), series("1m", "scaled"),
                series(null, null))) {
            assertThat(store.add(key, step(1, OptionalLong.of(NOW)), now(0)))
                .isEqualTo(new WindowResult.Filling(1, 3, null));
        }

        assertThat(store.remove("BTC", "1m", "scaled")).isTrue();
        assertThat(store.list(now(0))).extracting(WindowStatus::timeframe).containsExactly("1m", "5m", null);
        assertThat(store.remove("BTC", "5m", null)).isTrue();
        assertThat(store.remove("BTC", null, null)).isTrue();
        assertThat(store.size()).isZero();
    }

    @Test
    void aClockThatIsPutRightRestartsAndDropsNothing() {
        IntStream.rangeClosed(1, 5).forEach((i) -> store.add(BTC, step(i, OptionalLong.empty()), now(60_000L * i)));

        Now anHourLater = new Now(NOW + 3_900_000, 360_000);
        store.expireIdle(anHourLater);
        assertThat(window(store.add(BTC, step(6, OptionalLong.empty()), anHourLater))).endsWith(6, -6);
        Now anHourEarlier = new Now(NOW - 3_600_000, 420_000);
        assertThat(window(store.add(BTC, step(7, OptionalLong.empty()), anHourEarlier))).endsWith(7, -7);

        assertThat(resets).hasValue(0);
        assertThat(store.list(new Now(NOW + 86_400_000, 421_000)).getFirst().age()).isEqualTo(1);
    }

    @Test
    void aHistoryFillsAWindowAtOnce() {
        add(9);
        List<Step> history = IntStream.rangeClosed(1, 5).mapToObj((i) -> step(i, OptionalLong.of(NOW + i))).toList();

        assertThat(store.fill(BTC, history, now(0))).isEqualTo(
                new HistoryFill.Filled(new WindowStatus("BTC", null, null, 3, 3, 0, 2, 0.001, 0, false, "features"), 2,
                        "2 are more than the window holds"));

        assertThat(window(add(6))).containsExactly(4, -4, 5, -5, 6, -6);
        assertThat(add(5)).isInstanceOf(WindowResult.Stale.class);
    }

    @Test
    void aShortHistoryLeavesTheWindowFilling() {
        store.fill(BTC, List.of(step(1, OptionalLong.empty())), now(0));

        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3, null));
        assertThat(window(add(3))).containsExactly(1, -1, 2, -2, 3, -3);
    }

    @Test
    void anEmptiedWindowStartsAnew() {
        IntStream.rangeClosed(1, 3).forEach(this::add);

        assertThat(store.remove("BTC", null, null)).isTrue();
        assertThat(store.remove("BTC", null, null)).isFalse();
        assertThat(add(1)).isEqualTo(new WindowResult.Filling(1, 3, null));
    }

    @Test
    void stepsOfOneSymbolFromManyThreadsAreNeverTorn() throws Exception {
        WindowSchema wide = new WindowSchema(8, 64, "wide");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var runs = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    float[] values = new float[64];
                    java.util.Arrays.fill(values, thread * 100_000 + i);
                    WindowResult result = store.add(new SeriesKey("BTC", null, null, wide),
                            new Step(values, OptionalLong.empty()), now(0));
                    if (result instanceof WindowResult.Ready ready) {
                        assertEveryStepIsWhole(ready.window().values(), values[0]);
                    }
                }
            })).toList();
            for (var run : runs) {
                run.get(5, TimeUnit.MINUTES);
            }
        }
        assertThat(store.size()).isEqualTo(1);
    }

    @Test
    void aMillionStepsOfTenThousandSymbolsTakeNoMoreMemoryThanTheFirst() {
        WindowSchema large = new WindowSchema(60, 110, "large");
        WindowStore full = store(10_000, WindowSettings.Fill.WAIT);
        long afterTheFirst = 0;

        for (int i = 1; i <= 1_000_000; i++) {
            Step step = new Step(new float[110], OptionalLong.empty());
            full.add(new SeriesKey("S" + i % 10_000, null, null, large), step, now(i / 1000));
            afterTheFirst = (i == 100_000) ? usedHeap() : afterTheFirst;
        }
        for (int i = 0; i < 5_000; i++) {
            Step step = new Step(new float[110], OptionalLong.empty());
            full.add(new SeriesKey("T" + i, null, null, large), step, now(1000 + i));
        }

        assertThat(full.size()).isEqualTo(10_000);
        assertThat((double) usedHeap() / afterTheFirst).isLessThan(1.05);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void assertEveryStepIsWhole(float[] window, float last) {
        for (int step = 0; step < 8; step++) {
            for (int feature = 1; feature < 64; feature++) {
                if (window[step * 64 + feature] != window[step * 64]) {
                    throw new AssertionError("step %d is torn".formatted(step));
                }
            }
        }
        if (window[7 * 64] != last) {
            throw new AssertionError("the last step is another's");
        }
    }

    private WindowStore store(int maxWindows, WindowSettings.Fill fill) {
        return new WindowStore(
                new WindowSettings(maxWindows, 1L << 30, IDLE, WindowSettings.NO_MAX_GAP, 10, 30_000, fill),
                new WindowListener() {

                    @Override
                    public void windowReset() {
                        resets.incrementAndGet();
                    }

                    @Override
                    public void staleStep() {
                        stale.incrementAndGet();
                    }

                });
    }

    private WindowResult add(int step) {
        return store.add(BTC, step(step, OptionalLong.of(NOW + step)), now(0));
    }

    private WindowResult untimed(int step) {
        return store.add(BTC, step(step, OptionalLong.empty()), now(0));
    }

    private SeriesKey series(@Nullable String timeframe, @Nullable String windowKey) {
        return new SeriesKey("BTC", timeframe, windowKey, SCHEMA);
    }

    private static Now now(long millis) {
        return new Now(NOW + millis, millis);
    }

    private static Step step(int value, OptionalLong timestamp) {
        return new Step(new float[] { value, -value }, timestamp);
    }

    private static float[] window(WindowResult result) {
        assertThat(result).isInstanceOf(WindowResult.Ready.class);
        return ((WindowResult.Ready) result).window().values();
    }

}
