package io.modelserver.window;

import java.util.OptionalLong;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static io.modelserver.window.TestWindows.MINUTE;
import static io.modelserver.window.TestWindows.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

/** Two callers that feed one series are noticed; one that does as bots do is not. */
class WindowConflictTest {

    private static final int FEATURES = 40;

    private static final int NEED = 20;

    private final TestWindows windows = TestWindows.of(NEED);

    private final WindowSchema schema = new WindowSchema(NEED, FEATURES, "wide");

    private final Random random = new Random(20261127);

    private final float[] market = new float[FEATURES];

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void twoPipelinesThatSendTheSameCandlesAreTold(CapturedOutput log) {
        boolean told = false;
        for (int i = 0; i < 30; i++) {
            walk();
            add("BTC", market.clone(), windows.wallMillis);
            told |= conflict(add("BTC", scaled(), windows.wallMillis));
            windows.after(MINUTE);
        }

        assertThat(told).isTrue();
        assertThat(windows.conflictingSteps).isGreaterThan(40);
        assertThat(log.getAll().lines().filter((line) -> line.contains("Two callers seem to feed"))).hasSize(1);
        assertThat(windows.store.list(windows.now())).singleElement()
            .extracting(WindowStatus::conflict)
            .isEqualTo(true);
    }

    @Test
    void valuesThatGoBackAndForthAtOneTimeAreToldAtTheSecondTurn() {
        assertThat(windows.at(1, windows.wallMillis)).isNotNull();
        windows.at(2, windows.wallMillis);
        windows.at(1, windows.wallMillis);
        assertThat(windows.conflictingSteps).isZero();

        windows.at(2, windows.wallMillis);

        assertThat(windows.conflictingSteps).isEqualTo(1);
    }

    @Test
    void pipelinesThatTakeTurnsAtTimesOfTheirOwnOrWithoutTimesAreTold() {
        for (int i = 0; i < 30; i++) {
            walk();
            add("TIMED", market.clone(), windows.wallMillis);
            add("UNTIMED", market.clone(), -1);
            windows.after(30 * SECOND);
            add("TIMED", scaled(), windows.wallMillis);
            add("UNTIMED", scaled(), -1);
            windows.after(30 * SECOND);
        }

        assertThat(windows.store.list(windows.now())).hasSize(2).allMatch(WindowStatus::conflict);
    }

    @Test
    void aBotOnLongerCandlesWhoseStepsAllComeTooLateIsTold() {
        WindowResult late = null;
        for (int i = 0; i < 30; i++) {
            walk();
            add("BTC", market.clone(), windows.wallMillis);
            if (i % 5 == 4) {
                late = add("BTC", scaled(), windows.wallMillis - 5 * MINUTE);
            }
            windows.after(MINUTE);
        }

        assertThat(late).isInstanceOfSatisfying(WindowResult.Stale.class,
                (stale) -> assertThat(stale.conflict()).isTrue());
        assertThat(windows.store.list(windows.now()).getFirst().conflict()).isTrue();
    }

    @Test
    void lateRetriesAreNotTold() {
        for (int i = 0; i < 100; i++) {
            windows.after(MINUTE).tick(i);
            if (i > 0) {
                windows.at(i - 1, windows.wallMillis - MINUTE);
            }
        }

        assertThat(windows.staleSteps).isEqualTo(99);
        assertThat(windows.conflictingSteps).isZero();
    }

    @Test
    void stepsMuchMoreOftenThanTheirTimeframeAreTold() {
        SeriesKey hourly = windows.key("BTC", "1h");
        for (int i = 0; i < NEED; i++) {
            windows.after(MINUTE).add(hourly, i, OptionalLong.of(windows.wallMillis));
        }

        assertThat(windows.store.list(windows.now()).getFirst().conflict()).isTrue();
    }

    @Test
    void retriesAndAFormingCandleAreNotTold() {
        for (int i = 0; i < 400; i++) {
            for (int update = 0; update < 4; update++) {
                walk();
                float[] forming = forming(update);
                add("BTC", forming, candle(i));
                add("BTC", forming.clone(), candle(i));
                windows.after(15 * SECOND);
            }
        }

        assertThat(windows.conflictingSteps).isZero();
    }

    @Test
    void aBotThatSendsTheOpenAndTheCloseOfACandleIsNotTold() {
        for (int i = 0; i < 400; i++) {
            walk();
            add("BTC", forming(0), candle(i));
            walk();
            windows.after(59 * SECOND);
            add("BTC", forming(3), candle(i));
            windows.after(SECOND);
        }

        assertThat(windows.conflictingSteps).isZero();
    }

    @Test
    void noiseIsNotTold() {
        for (int i = 0; i < 3000; i++) {
            for (int feature = 0; feature < FEATURES; feature++) {
                market[feature] = (float) random.nextGaussian();
            }
            add("BTC", market.clone(), windows.wallMillis);
            windows.after(SECOND);
        }

        assertThat(windows.conflictingSteps).isZero();
    }

    @Test
    void onePriceThatMovesEveryFeatureIsNotTold() {
        float price = 100;
        for (int i = 0; i < 20_000; i++) {
            price += (float) random.nextGaussian();
            for (int feature = 0; feature < FEATURES; feature++) {
                market[feature] = price * (feature + 1);
            }
            add("BTC", market.clone(), windows.wallMillis);
            windows.after(SECOND);
        }

        assertThat(windows.conflictingSteps).isZero();
    }

    @Test
    void itIsNoLongerToldOnceTheWindowHoldsStepsOfOneCallerOnly() {
        twoTurns();
        assertThat(windows.conflictingSteps).isEqualTo(1);

        for (int i = 0; i < NEED; i++) {
            windows.after(MINUTE).tick(10 + i);
        }

        assertThat(windows.store.list(windows.now()).getFirst().conflict()).isFalse();
    }

    private void twoTurns() {
        for (int i = 0; i < 4; i++) {
            windows.at(1 + i % 2, windows.wallMillis);
        }
    }

    private long candle(int number) {
        return TestWindows.NOW + number * MINUTE;
    }

    /** As one pipeline sees the market. */
    private void walk() {
        for (int i = 0; i < FEATURES; i++) {
            market[i] += (float) random.nextGaussian() * 0.1f;
        }
    }

    /** As another does. */
    private float[] scaled() {
        float[] scaled = new float[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
            scaled[i] = market[i] / 1000 + 50 + i;
        }
        return scaled;
    }

    /** A tenth of the features begin again with each candle, as its volume does. */
    private float[] forming(int update) {
        float[] forming = market.clone();
        for (int i = 0; i < FEATURES / 10; i++) {
            forming[i] = 1000f * update + random.nextFloat();
        }
        return forming;
    }

    private WindowResult add(String symbol, float[] values, long timestamp) {
        return windows.store.add(new SeriesKey(symbol, null, null, schema),
                new Step(values, (timestamp < 0) ? OptionalLong.empty() : OptionalLong.of(timestamp)), windows.now());
    }

    private static boolean conflict(WindowResult result) {
        return result instanceof WindowResult.Ready ready && ready.coverage().conflict();
    }

}
