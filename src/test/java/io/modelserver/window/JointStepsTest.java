package io.modelserver.window;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import io.modelserver.model.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** The steps of two windows that one request brings. */
@Timeout(60)
class JointStepsTest {

    private static final long SECOND = 1000;

    private final TestWindows windows = TestWindows.of(2);

    private final SeriesKey features = windows.key("BTC", null);

    private final SeriesKey books = new SeriesKey("BTC", null, null, new WindowSchema(3, 4, "raw_lob columns"));

    @Test
    void bothWindowsAdvanceAndTheOneThatLacksMoreIsTold() {
        assertThat(add(1)).isEqualTo(new WindowResult.Filling(1, 3, null));
        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3, null));

        assertThat(add(3)).isInstanceOfSatisfying(WindowResult.Ready.class, (ready) -> {
            assertThat(ready.windows()).extracting(Tensor::shape)
                .containsExactly(new int[] { 2, 2 }, new int[] { 3, 4 });
            assertThat(ready.windows().getFirst().values()).containsExactly(2, -2, 3, -3);
            assertThat(ready.windows().getLast().values()).containsExactly(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
            assertThat(ready.coverage().filled()).isEqualTo(1);
        });
    }

    @Test
    void aStepThatOneWindowRefusesLeavesTheOtherAsItWas() {
        add(1);
        addBook(5);

        assertThat(add(3)).isInstanceOf(WindowResult.Stale.class);

        assertThat(have(features)).isEqualTo(1);
        assertThat(have(books)).isEqualTo(2);
        addFeatures(8);
        assertThat(add(6)).isInstanceOf(WindowResult.Stale.class);
        assertThat(have(books)).isEqualTo(2);
    }

    @Test
    void aStepAheadOfTheClockLeavesNothingBehind() {
        assertThat(add(3600)).isInstanceOf(WindowResult.Ahead.class);

        assertThat(windows.store.size()).isZero();
        assertThat(windows.store.bytes()).isZero();
    }

    @Test
    void whereThereIsRoomForOneOfTwoNoneIsMade() {
        TestWindows one = new TestWindows(2, TestWindows.bounded(1, 64 << 20));

        assertThat(new JointSteps(one.key("BTC", null), TestWindows.step(1, OptionalLong.empty()), books, book(1))
            .addTo(one.store, one.now(), new HashMap<>()))
            .isEqualTo(new WindowResult.Full("modelserver.window.max-windows is 1"));

        assertThat(one.store.size()).isZero();
        assertThat(one.store.bytes()).isZero();
    }

    @Test
    void aRetryReplacesBothSteps() {
        add(1);
        add(2);

        assertThat(add(2)).isEqualTo(new WindowResult.Filling(2, 3, null));
    }

    @Test
    void oneThatWasEmptiedFillsAgainWhileTheOtherGoesOn() {
        add(1);
        add(2);
        add(3);
        windows.store.remove(books, window(books));

        assertThat(add(4)).isEqualTo(new WindowResult.Filling(1, 3, null));
        assertThat(have(features)).isEqualTo(2);
    }

    @Test
    void aStepThatWasAddedForAnotherVersionOfTheRequestIsNotAddedAgain() {
        Map<SeriesKey, WindowResult> added = new HashMap<>();
        Step step = TestWindows.step(1, OptionalLong.empty());
        added.put(features, windows.store.add(features, step, windows.now()));

        WindowResult result = new JointSteps(features, step, books, book(1)).addTo(windows.store, windows.now(), added);

        assertThat(result).isEqualTo(new WindowResult.Filling(1, 3, null));
        assertThat(added).containsOnlyKeys(features, books);
        assertThat(have(features)).isEqualTo(1);
        assertThat(have(books)).isEqualTo(1);
        assertThat(new JointSteps(features, step, books, book(1)).addTo(windows.store, windows.now(), added))
            .isEqualTo(result);
        assertThat(have(books)).isEqualTo(1);
    }

    @Test
    void whereTheStepOfFeaturesWasRefusedTheBookIsNotAddedLater() {
        addFeatures(5);
        Step late = TestWindows.step(1, OptionalLong.of(time(1)));
        Map<SeriesKey, WindowResult> added = new HashMap<>();
        added.put(features, windows.store.add(features, late, windows.now()));

        assertThat(new JointSteps(features, late, books, book(1)).addTo(windows.store, windows.now(), added))
            .isInstanceOf(WindowResult.Stale.class);

        assertThat(windows.store.size()).isEqualTo(1);
    }

    /** Each request finds both windows as long as each other. */
    @Test
    void requestsOfSeveralThreadsNeverLeaveOneWindowBehind() throws Exception {
        int threads = 4;
        int each = 500;
        List<Callable<Boolean>> callers = IntStream.range(0, threads).<Callable<Boolean>>mapToObj((caller) -> () -> {
            for (int i = 0; i < each; i++) {
                new JointSteps(features, TestWindows.step(i, OptionalLong.empty()), books, book(i)).addTo(windows.store,
                        windows.now(), new HashMap<>());
                if (i % 100 == caller) {
                    windows.store.remove("BTC", null, null);
                }
            }
            return true;
        }).toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            pool.invokeAll(callers).forEach((ended) -> assertThat(ended).succeedsWithin(Duration.ofMinutes(1)));
        }
        windows.store.remove("BTC", null, null);

        for (int i = 0; i < 3; i++) {
            new JointSteps(features, TestWindows.step(i, OptionalLong.empty()), books, book(i)).addTo(windows.store,
                    windows.now(), new HashMap<>());
        }

        assertThat(window(features).taken()).isEqualTo(3).isEqualTo(window(books).taken());
    }

    private WindowResult add(int second) {
        OptionalLong time = OptionalLong.of(time(second));
        return new JointSteps(features, TestWindows.step(second, time), books,
                new Step(new float[] { second, second, second, second }, time))
            .addTo(windows.store, windows.now(), new HashMap<>());
    }

    private void addFeatures(int second) {
        windows.store.add(features, TestWindows.step(second, OptionalLong.of(time(second))), windows.now());
    }

    private void addBook(int second) {
        windows.store.add(books, new Step(new float[4], OptionalLong.of(time(second))), windows.now());
    }

    private static Step book(int value) {
        return new Step(new float[] { value, value, value, value }, OptionalLong.empty());
    }

    private long time(int second) {
        return windows.wallMillis - 10 * SECOND + second * SECOND;
    }

    private RollingWindow window(SeriesKey key) {
        return Objects.requireNonNull(windows.store.windows().get(key));
    }

    private int have(SeriesKey key) {
        return window(key).have();
    }

}
