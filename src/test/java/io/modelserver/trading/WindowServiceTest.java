package io.modelserver.trading;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.Requests;
import io.modelserver.model.Tensors;
import io.modelserver.serving.Refusal;
import io.modelserver.window.WindowStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Version 1 looks at three steps of one feature; after each test nobody holds a version.
 */
@Timeout(120)
class WindowServiceTest {

    private static final long NOW = ManualClock.START.toEpochMilli();

    private static final long EARLIEST = 100_000_000_000L;

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void serve() throws Exception {
        rig = new ServingRig(temp);
        rig.models.write("1", 3, 1).serve("1");
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void aHistoryFillsTheWindowOfItsSymbol() throws Exception {
        HistoryResult result = fill(Requests.of("BTC").numbers(Tensors.matrix(3, 1, 1, 2, 3)));

        assertThat(kept(result)).extracting(WindowStatus::symbol, WindowStatus::have, WindowStatus::need)
            .containsExactly("BTC", 3, 3);
        rig.predict(Requests.of("BTC").numbers(4).build());
        assertThat(rig.models.passes("1").inputs()).singleElement()
            .satisfies((input) -> assertThat(input.tensors().getFirst().values()).containsExactly(2, 3, 4));
    }

    @Test
    void ofALongHistoryTheLastStepsAreKept() throws Exception {
        fill(Requests.of("BTC").numbers(Tensors.matrix(5, 1, 1, 2, 3, 4, 5)));
        rig.predict(Requests.of("BTC").numbers(6).build());

        assertThat(rig.models.passes("1").inputs().getFirst().tensors().getFirst().values()).containsExactly(4, 5, 6);
    }

    @Test
    void aHistoryTakesThePlaceOfWhatTheWindowHeld() throws Exception {
        rig.predict(Requests.of("BTC").numbers(8).build());
        rig.predict(Requests.of("BTC").numbers(9).build());

        HistoryResult result = fill(Requests.of("BTC").numbers(Tensors.matrix(1, 1, 1)));

        assertThat(kept(result).have()).isEqualTo(1);
    }

    @Test
    void stepsOfAHistoryMayTellTheirTimes() throws Exception {
        HistoryResult result = fill(Requests.of("BTC")
            .history("[{\"timestamp\": %d, \"candle\": 1}, {\"timestamp\": %d, \"candle\": 2}]".formatted(NOW - 2,
                    NOW - 1)));

        assertThat(kept(result).have()).isEqualTo(2);
        assertThat(refusal(rig.predict(Requests.of("BTC").numbers(3).at(NOW - 3).build())))
            .isEqualTo(Refusal.STALE_STEP);
    }

    @Test
    void aHistoryThatIsNotInTheOrderOfTimeIsRefused() throws Exception {
        for (long second : new long[] { NOW - 2, NOW - 3 }) {
            assertRefused(fill(Requests.of("BTC")
                .history("[{\"timestamp\": %d, \"candle\": 1}, {\"timestamp\": %d, \"candle\": 2}]".formatted(NOW - 2,
                        second))),
                    Refusal.INVALID_FEATURES, "features[1].timestamp");
        }
    }

    @Test
    void aHistoryThatIsRefusedChangesNothing() throws Exception {
        rig.predict(Requests.of("BTC").numbers(1).build());

        assertRefused(
                fill(Requests.of("BTC")
                    .history("[{\"timestamp\": %d, \"candle\": 1}, {\"timestamp\": 5, \"candle\": 2}]".formatted(NOW))),
                Refusal.INVALID_FEATURES);
        assertRefused(
                fill(Requests.of("BTC")
                    .history("[{\"timestamp\": 5, \"candle\": 1}, {\"timestamp\": %d, \"candle\": 2}]".formatted(NOW))),
                Refusal.INVALID_FEATURES, "timestamp 5");

        assertThat(rig.windows.list()).singleElement().satisfies((window) -> assertThat(window.have()).isEqualTo(1));
    }

    @Test
    void aHistoryThatIsNoneIsRefused() throws Exception {
        assertRefused(fill(Requests.of("BTC").numbers(Tensors.matrix(2, 2, 1, 2, 3, 4))), Refusal.INVALID_FEATURES,
                "features[0]");
        assertRefused(fill(Requests.of("BTC").numbers(1, 2, 3)), Refusal.INVALID_FEATURES, "[3]");
        assertRefused(fill(Requests.of("BTC").unusable("features are a string")), Refusal.INVALID_FEATURES,
                "features are a string");
        assertRefused(fill(Requests.of("BTC").history("[{\"candle\": 1")), Refusal.INVALID_FEATURES);
        assertThat(rig.windows.list()).isEmpty();
    }

    @Test
    void aVersionThatLooksAtNoWindowHasNoneToFill() throws Exception {
        rig.models.write("2", 3);

        assertRefused(fill(Requests.of("BTC").version("2").numbers(Tensors.matrix(1, 3, 1, 2, 3))),
                Refusal.INVALID_FEATURES, "window");
        assertThat(rig.windows.list()).isEmpty();
    }

    @Test
    void aVersionThatIsNotThereHasNoWindowToFill() throws Exception {
        assertRefused(fill(Requests.of("BTC").model("unknown")), Refusal.MODEL_NOT_FOUND, "'unknown'");
        assertRefused(fill(Requests.of("BTC").version("9")), Refusal.VERSION_NOT_FOUND, "'9'");
    }

    @Test
    void aVersionThatMustBeLoadedFirstIsWaitedForUntilTheDeadline() throws Exception {
        rig.models.write("2", 3, 1);
        rig.models.passes("2").holdNext();

        HistoryResult result = rig.windows
            .fill(Requests.of("BTC").version("2").numbers(Tensors.matrix(1, 1, 1)).build(), rig.clock.getAsLong());

        assertRefused(result, Refusal.MODEL_LOADING, "m:2");
        rig.models.passes("2").awaitHeld();
    }

    @Test
    void aStepMayLieAsFarInTheFutureAsClocksDiffer() throws Exception {
        long limit = NOW + ServingRig.MAX_AHEAD.toMillis();

        assertThat(rig.predict(Requests.of("BTC").numbers(1).at(limit).build()))
            .isInstanceOf(PredictionResult.WindowFilling.class);
        assertThat(refusal(rig.predict(Requests.of("BTC").numbers(1).at(limit + 1).build())))
            .isEqualTo(Refusal.INVALID_FEATURES);
        rig.clock.advance(Duration.ofMillis(1));
        assertThat(rig.predict(Requests.of("BTC").numbers(1).at(limit + 1).build()))
            .isInstanceOf(PredictionResult.WindowFilling.class);
    }

    @Test
    void aTimeInSecondsIsNotTakenForMilliseconds() throws Exception {
        assertThat(refusal(rig.predict(Requests.of("A").numbers(1).at(EARLIEST - 1).build())))
            .isEqualTo(Refusal.INVALID_FEATURES);
        assertThat(rig.predict(Requests.of("B").numbers(1).at(EARLIEST).build()))
            .isInstanceOf(PredictionResult.WindowFilling.class);
        assertThat(rig.windows.list()).extracting(WindowStatus::symbol).containsExactly("B");
    }

    @Test
    void aTimeThatCanNotBeReadIsRefused() throws Exception {
        assertThat(refusal(rig
            .predict(Requests.of("BTC").numbers(1).at(new StepTimestamp(OptionalLong.empty(), "no time")).build())))
            .isEqualTo(Refusal.INVALID_FEATURES);
        assertThat(rig.windows.list()).isEmpty();
    }

    @Test
    void windowsAreListedWithTheAgeOfTheirLastStep() throws Exception {
        rig.predict(Requests.of("B").numbers(1).build());
        rig.clock.advance(Duration.ofMillis(1_500));
        rig.predict(Requests.of("A").numbers(1).build());

        assertThat(rig.windows.list()).extracting(WindowStatus::symbol, WindowStatus::age)
            .containsExactly(tuple("A", 0.0), tuple("B", 1.5));
    }

    @Test
    void theWindowsOfASymbolCanBeEmptied() throws Exception {
        rig.predict(Requests.of("A").numbers(1).build());
        rig.predict(Requests.of("B").numbers(1).build());

        assertThat(rig.windows.remove("A", null, null)).isTrue();
        assertThat(rig.windows.remove("A", null, null)).isFalse();

        assertThat(rig.windows.list()).extracting(WindowStatus::symbol).containsExactly("B");
    }

    private HistoryResult fill(Requests request) throws InterruptedException {
        return rig.windows.fill(request.build(), rig.clock.getAsLong() + ServingRig.DEADLINE.toNanos());
    }

    private static WindowStatus kept(HistoryResult result) {
        assertThat(result).isInstanceOf(HistoryResult.Kept.class);
        return ((HistoryResult.Kept) result).window();
    }

    private static Refusal refusal(PredictionResult result) {
        assertThat(result).isInstanceOf(PredictionResult.Refused.class);
        return ((PredictionResult.Refused) result).reason();
    }

    private static void assertRefused(HistoryResult result, Refusal reason, String... mentioned) {
        assertThat(result).isInstanceOf(HistoryResult.Refused.class);
        PredictionServiceTest.assertRefused(((HistoryResult.Refused) result).refusal(), reason, mentioned);
    }

}
