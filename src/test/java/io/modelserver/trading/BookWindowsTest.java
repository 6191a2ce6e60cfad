package io.modelserver.trading;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.modelserver.fixtures.ManualClock;
import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.model.ModelInput;
import io.modelserver.model.Tensor;
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
 * Order books that come one by one to models that look at three of them: version 1 at
 * books only, version 2 at two steps of two features too, version 3 at one book.
 */
@Timeout(120)
class BookWindowsTest {

    private static final String BOOKS = "{\"name\": \"raw_lob\", \"shape\": [3, 1, 4]}";

    private static final long MINUTE = 60_000;

    @TempDir
    Path temp;

    private ServingRig rig;

    @BeforeEach
    void serve() throws Exception {
        rig = new ServingRig(temp);
        write("1", BOOKS);
        write("2", "{\"name\": \"features\", \"shape\": [2, 2]}, " + BOOKS);
        write("3", "{\"name\": \"raw_lob\", \"shape\": [1, 4]}");
        rig.models.serve("1").load("2", "3");
    }

    private void write(String version, String inputs) throws Exception {
        rig.models.folder().version(ServedModels.MODEL, version, "0.5", "{\"inputs\": [%s]}".formatted(inputs));
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    @Test
    void booksAreKeptUntilTheModelSeesAllThatItLooksAt() throws Exception {
        assertThat(book("1", 1)).isEqualTo(new PredictionResult.WindowFilling("BTC", 1, 3));
        assertThat(book("1", 2)).isEqualTo(new PredictionResult.WindowFilling("BTC", 2, 3));
        assertThat(book("1", 3)).isInstanceOfSatisfying(PredictionResult.Predicted.class, (answer) -> {
            assertThat(answer.window()).isNotNull();
            assertThat(answer.eventMillis()).hasValue(millis(3));
        });
        book("1", 4);

        assertThat(seenBy("1", 0)).containsExactly(row(1) + row(2) + row(3), row(2) + row(3) + row(4));
        assertThat(shapes("1")).containsExactly("[3, 1, 4]");
    }

    @Test
    void allBooksMayBeSentAtOnce() throws Exception {
        assertThat(rig.predict(Requests.of("BTC").book("[%s, %s, %s]".formatted(sides(1), sides(2), sides(3))).build()))
            .isInstanceOf(PredictionResult.Predicted.class);
        assertThat(rig
            .predict(Requests.of("BTC").book("[[[1,2,3,4]], [[5,6,7,8]], [[9,10,11,12]]]").at(millis(1)).build()))
            .isInstanceOf(PredictionResult.Predicted.class);

        assertThat(seenBy("1", 0)).containsExactly(row(1) + row(2) + row(3), "1 2 3 4 5 6 7 8 9 10 11 12 ");
        assertThat(rig.windows.list()).isEmpty();
    }

    @Test
    void aNumberOfBooksThatIsNeitherOneNorAllIsRefused() throws Exception {
        assertRefused(rig.predict(Requests.of("BTC").book("[%s, %s]".formatted(sides(1), sides(2))).build()),
                Refusal.INVALID_FEATURES, "raw_lob has 2 order books, expected 3, or one");
        assertRefused(
                rig.predict(Requests.of("BTC").version("3").book("[%s, %s]".formatted(sides(1), sides(2))).build()),
                Refusal.INVALID_FEATURES, "raw_lob has 2 order books, expected one");
    }

    @Test
    void featuresOfAModelThatTakesNoneAreIgnored() throws Exception {
        assertThat(rig.predict(Requests.of("BTC").book(sides(1)).numbers(1, 2, 3).build()))
            .isEqualTo(new PredictionResult.WindowFilling("BTC", 1, 3));
        assertThat(rig.predict(Requests.of("BTC").book(sides(1)).unusable("features is null").build()))
            .isEqualTo(new PredictionResult.WindowFilling("BTC", 2, 3));
    }

    @Test
    void aRequestThatLacksWhatTheModelNeedsIsRefused() throws Exception {
        assertRefused(rig.predict(Requests.of("BTC").numbers(1, 2).build()), Refusal.INVALID_FEATURES,
                "needs raw_lob of the shape [3, 1, 4]");
        assertRefused(rig.predict(Requests.of("BTC").version("2").book(sides(1)).build()), Refusal.INVALID_FEATURES,
                "no features, which this model needs");
        assertRefused(rig.predict(Requests.of("BTC").version("2").numbers(1, 2).build()), Refusal.INVALID_FEATURES,
                "needs raw_lob");
        assertThat(rig.windows.list()).isEmpty();
    }

    @Test
    void aModelOfOneBookAnswersAtOnce() throws Exception {
        assertThat(rig.predict(Requests.of("BTC").version("3").book(sides(7)).build()))
            .isInstanceOf(PredictionResult.Predicted.class);

        assertThat(seenBy("3", 0)).containsExactly(row(7));
        assertThat(shapes("3")).containsExactly("[1, 4]");
        assertThat(rig.windows.list()).isEmpty();
    }

    @Test
    void aBookWithTheTimeOfTheLastReplacesItAndAnOlderOneIsStale() throws Exception {
        book("1", 1);
        book("1", 2);
        assertThat(book("1", 2)).isEqualTo(new PredictionResult.WindowFilling("BTC", 2, 3));

        assertRefused(book("1", 1), Refusal.STALE_STEP, "'BTC'");
    }

    @Test
    void oneRequestFillsBothWindows() throws Exception {
        assertThat(both(1)).isEqualTo(new PredictionResult.WindowFilling("BTC", 1, 3));
        assertThat(both(2)).isEqualTo(new PredictionResult.WindowFilling("BTC", 2, 3));
        assertThat(both(3)).isInstanceOf(PredictionResult.Predicted.class);

        assertThat(seenBy("2", 0)).containsExactly("2 2 3 3 ");
        assertThat(seenBy("2", 1)).containsExactly(row(1) + row(2) + row(3));
        assertThat(rig.windows.list()).extracting(WindowStatus::input, WindowStatus::have, WindowStatus::features)
            .containsExactly(tuple("features", 2, 2), tuple("raw_lob", 3, 4));
    }

    @Test
    void aBookThatCantBeUsedLeavesTheStepOutToo() throws Exception {
        both(1);

        assertRefused(
                rig.predict(
                        Requests.of("BTC").version("2").book("[[[1, -2]], []]").numbers(2, 2).at(millis(2)).build()),
                Refusal.INVALID_FEATURES, "quantity -2.0");

        assertThat(rig.windows.list()).extracting(WindowStatus::have).containsExactly(1, 1);
    }

    @Test
    void theFeaturesMayBeWholeBesideASingleBook() throws Exception {
        for (int i = 1; i <= 3; i++) {
            rig.predict(Requests.of("BTC").version("2").book(sides(i)).numbers(1, 2, 3, 4).at(millis(i)).build());
        }

        assertThat(seenBy("2", 0)).containsExactly("1 2 3 4 ");
        assertThat(seenBy("2", 1)).containsExactly(row(1) + row(2) + row(3));
        assertThat(rig.windows.list()).extracting(WindowStatus::input).containsExactly("raw_lob");
    }

    @Test
    void aHistoryOfBooksFillsTheWindow() throws Exception {
        HistoryResult result = fill(Requests.of("BTC").book("[%s, %s]".formatted(sides(1), sides(2))));

        assertThat(result).isInstanceOfSatisfying(HistoryResult.Kept.class,
                (kept) -> assertThat(kept.window().have()).isEqualTo(2));
        rig.predict(Requests.of("BTC").book(sides(3)).build());
        assertThat(seenBy("1", 0)).containsExactly(row(1) + row(2) + row(3));
    }

    @Test
    void aHistoryIsOfStepsOrOfBooks() throws Exception {
        assertThat(fill(Requests.of("BTC").version("2").book("[%s, %s]".formatted(sides(1), sides(2)))))
            .isInstanceOf(HistoryResult.Kept.class);
        assertThat(rig.windows.list()).extracting(WindowStatus::input).containsExactly("raw_lob");
        assertThat(fill(Requests.of("BTC").version("2").book(sides(1)).numbers(1, 2))).isInstanceOfSatisfying(
                HistoryResult.Refused.class,
                (refused) -> assertThat(refused.refusal().detail()).contains("one of them at a time"));
    }

    @Test
    void emptyingASymbolEmptiesBothOfItsWindows() throws Exception {
        both(1);

        assertThat(rig.windows.remove("BTC", null, null)).isTrue();

        assertThat(rig.windows.list()).isEmpty();
    }

    private PredictionResult book(String version, int number) throws InterruptedException {
        return rig.predict(Requests.of("BTC").version(version).book(sides(number)).at(millis(number)).build());
    }

    private PredictionResult both(int number) throws InterruptedException {
        return rig.predict(
                Requests.of("BTC").version("2").book(sides(number)).numbers(number, number).at(millis(number)).build());
    }

    private HistoryResult fill(Requests request) throws InterruptedException {
        return rig.windows.fill(request.build(), rig.clock.getAsLong() + ServingRig.DEADLINE.toNanos());
    }

    private static void assertRefused(PredictionResult result, Refusal reason, String... details) {
        assertThat(result).isInstanceOfSatisfying(PredictionResult.Refused.class, (refused) -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).contains(details);
        });
    }

    /** As the bot sends it: the asks first. */
    private static String sides(int number) {
        return "[[[%d, 1], [999, 1]], [[%d, 2]]]".formatted(number + 100, number);
    }

    /** As the model sees it: bid and ask of the best level. */
    private static String row(int number) {
        return "%d 2 %d 1 ".formatted(number, number + 100);
    }

    private static long millis(int number) {
        return ManualClock.START.toEpochMilli() - 10 * MINUTE + number * MINUTE;
    }

    private List<String> seenBy(String version, int input) {
        return inputs(version).stream().map((seen) -> text(seen.tensors().get(input))).toList();
    }

    private List<String> shapes(String version) {
        return inputs(version).stream()
            .map((seen) -> Arrays.toString(seen.tensors().getFirst().shape()))
            .distinct()
            .toList();
    }

    private List<ModelInput> inputs(String version) {
        return rig.models.passes(version).inputs();
    }

    private static String text(Tensor tensor) {
        List<String> numbers = new ArrayList<>();
        for (float value : tensor.values()) {
            numbers.add("%.0f ".formatted(value));
        }
        return String.join("", numbers);
    }

}
