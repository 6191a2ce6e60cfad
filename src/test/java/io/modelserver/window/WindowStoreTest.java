package io.modelserver.window;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WindowStoreTest {

    private static final long NOW = 1_763_148_435_000L;

    private static final long MAX_GAP = 60_000;

    private static final long IDLE = 600_000;

    private final WindowSchema schema = new WindowSchema(3, 2, "names");

    private final AtomicInteger resets = new AtomicInteger();

    private final AtomicInteger stale = new AtomicInteger();

    private final WindowStore store = store(100, WindowSettings.Fill.WAIT);

    @Test
    void untilAWindowIsFullItSaysWhatItHasAndNeeds() {
        assertThat(add(1)).isEqualTo(new WindowResult.Filling(1, 3));
        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3));
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
        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3));
        add(3);
        add(4);

        WindowResult retry = store.add("BTC", schema, step(9, OptionalLong.of(NOW + 4)), NOW);

        assertThat(window(retry)).containsExactly(2, -2, 3, -3, 9, -9);
        assertThat(window(add(5))).containsExactly(3, -3, 9, -9, 5, -5);
    }

    @Test
    void aStaleStepIsLeftOut() {
        add(1);
        add(2);
        add(4);

        assertThat(add(3)).isEqualTo(new WindowResult.Stale(NOW + 4));
        assertThat(window(add(5))).containsExactly(2, -2, 4, -4, 5, -5);
        assertThat(stale).hasValue(1);
    }

    @Test
    void aGapStartsTheWindowAnew() {
        IntStream.rangeClosed(1, 5).forEach(this::add);

        assertThat(store.add("BTC", schema, step(6, OptionalLong.of(NOW + 5 + MAX_GAP)), NOW))
            .isInstanceOf(WindowResult.Ready.class);
        assertThat(store.add("BTC", schema, step(7, OptionalLong.of(NOW + 6 + 2 * MAX_GAP)), NOW))
            .isEqualTo(new WindowResult.Filling(1, 3));
        assertThat(resets).hasValue(1);
    }

    @Test
    void withoutTimesTheOrderAndTimeOfArrivalCount() {
        untimed(1, NOW);
        untimed(2, NOW);
        assertThat(window(untimed(2, NOW))).containsExactly(1, -1, 2, -2, 2, -2);

        assertThat(untimed(3, NOW + MAX_GAP + 1)).isEqualTo(new WindowResult.Filling(1, 3));
    }

    @Test
    void whereTheFirstStepIsRepeatedTheShareOfTrueStepsIsTold() {
        WindowStore repeating = store(100, WindowSettings.Fill.REPEAT);

        WindowResult first = repeating.add("BTC", schema, step(1, OptionalLong.of(NOW)), NOW);
        WindowResult second = repeating.add("BTC", schema, step(2, OptionalLong.of(NOW + 1)), NOW);

        assertThat(window(first)).containsExactly(1, -1, 1, -1, 1, -1);
        assertThat(window(second)).containsExactly(1, -1, 1, -1, 2, -2);
        assertThat(second).isInstanceOfSatisfying(WindowResult.Ready.class,
                (ready) -> assertThat(ready.filled()).isEqualTo(2 / 3.0));
    }

    @Test
    void symbolsAndSchemasHaveWindowsOfTheirOwn() {
        WindowSchema other = new WindowSchema(3, 2, "other names");
        add(1);

        assertThat(store.add("ETH", schema, step(1, OptionalLong.of(NOW)), NOW))
            .isEqualTo(new WindowResult.Filling(1, 3));
        assertThat(store.add("BTC", other, step(1, OptionalLong.of(NOW)), NOW))
            .isEqualTo(new WindowResult.Filling(1, 3));
        assertThat(store.size()).isEqualTo(3);
        assertThat(store.filling()).isEqualTo(3);
    }

    @Test
    void theWindowThatWasUsedLongestAgoMakesRoom() {
        WindowStore two = store(2, WindowSettings.Fill.WAIT);
        two.add("A", schema, step(1, OptionalLong.empty()), NOW);
        two.add("B", schema, step(1, OptionalLong.empty()), NOW + 1);
        two.add("A", schema, step(2, OptionalLong.empty()), NOW + 2);

        two.add("C", schema, step(1, OptionalLong.empty()), NOW + 3);

        assertThat(two.list(NOW + 3)).extracting(WindowStatus::symbol).containsExactly("A", "C");
    }

    @Test
    void manySymbolsStayWithinTheBound() {
        WindowStore bounded = store(1000, WindowSettings.Fill.WAIT);

        for (int i = 0; i < 20_000; i++) {
            bounded.add("S" + i, schema, step(1, OptionalLong.empty()), NOW + i);
            assertThat(bounded.size()).isLessThanOrEqualTo(1000);
        }
        assertThat(bounded.size()).isGreaterThan(900);
    }

    @Test
    void idleWindowsAreDropped() {
        add(1);
        store.add("ETH", schema, step(1, OptionalLong.empty()), NOW + IDLE);

        store.expireIdle(NOW + IDLE + 1);

        assertThat(store.list(NOW)).extracting(WindowStatus::symbol).containsExactly("ETH");
    }

    @Test
    void aHistoryFillsAWindowAtOnce() {
        add(9);
        List<Step> history = IntStream.rangeClosed(1, 5).mapToObj((i) -> step(i, OptionalLong.of(NOW + i))).toList();

        assertThat(store.fill("BTC", schema, history, NOW)).isEqualTo(new WindowStatus("BTC", 3, 3, 0, 2));

        assertThat(window(add(6))).containsExactly(4, -4, 5, -5, 6, -6);
        assertThat(add(5)).isInstanceOf(WindowResult.Stale.class);
    }

    @Test
    void aShortHistoryLeavesTheWindowFilling() {
        store.fill("BTC", schema, List.of(step(1, OptionalLong.empty())), NOW);

        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3));
        assertThat(window(add(3))).containsExactly(1, -1, 2, -2, 3, -3);
    }

    @Test
    void anEmptiedWindowStartsAnew() {
        IntStream.rangeClosed(1, 3).forEach(this::add);

        assertThat(store.remove("BTC")).isTrue();
        assertThat(store.remove("BTC")).isFalse();
        assertThat(add(1)).isEqualTo(new WindowResult.Filling(1, 3));
    }

    @Test
    void stepsOfOneSymbolFromManyThreadsAreNeverTorn() throws Exception {
        WindowSchema wide = new WindowSchema(8, 64, "wide");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var runs = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    float[] values = new float[64];
                    java.util.Arrays.fill(values, thread * 100_000 + i);
                    WindowResult result = store.add("BTC", wide, new Step(values, OptionalLong.empty()), NOW);
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
        Step step = new Step(new float[110], OptionalLong.empty());
        long afterTheFirst = 0;

        for (int i = 1; i <= 1_000_000; i++) {
            full.add("S" + i % 10_000, large, step, NOW + i / 1000);
            afterTheFirst = (i == 100_000) ? usedHeap() : afterTheFirst;
        }
        for (int i = 0; i < 5_000; i++) {
            full.add("T" + i, large, step, NOW + 1000 + i);
        }

        assertThat(full.size()).isLessThanOrEqualTo(10_000).isGreaterThan(9_800);
        assertThat((double) usedHeap() / afterTheFirst).isLessThan(1.05);
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void noStepIsLostWhileSymbolsPushEachOtherOut() throws Exception {
        WindowStore tiny = store(2, WindowSettings.Fill.REPEAT);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            var runs = IntStream.range(0, 4).mapToObj((thread) -> threads.submit(() -> {
                for (int i = 0; i < 5_000; i++) {
                    WindowResult result = tiny.add("S" + thread, schema, step(i, OptionalLong.empty()), NOW + i);
                    float[] window = window(result);
                    assertThat(window[4]).isEqualTo(i);
                }
            })).toList();
            for (var run : runs) {
                run.get(5, TimeUnit.MINUTES);
            }
        }
        assertThat(tiny.size()).isLessThanOrEqualTo(2);
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
        return new WindowStore(new WindowSettings(maxWindows, IDLE, MAX_GAP, fill), new WindowListener() {

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
        return store.add("BTC", schema, step(step, OptionalLong.of(NOW + step)), NOW);
    }

    private WindowResult untimed(int step, long nowMillis) {
        return store.add("BTC", schema, step(step, OptionalLong.empty()), nowMillis);
    }

    private static Step step(int value, OptionalLong timestamp) {
        return new Step(new float[] { value, -value }, timestamp);
    }

    private static float[] window(WindowResult result) {
        assertThat(result).isInstanceOf(WindowResult.Ready.class);
        return ((WindowResult.Ready) result).window().values();
    }

}
