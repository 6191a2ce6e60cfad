package io.modelserver.trading;

import java.nio.file.Path;
import java.util.List;

import io.modelserver.fixtures.Requests;
import io.modelserver.fixtures.ServedModels;
import io.modelserver.serving.Refusal;
import io.modelserver.signal.Consensus;
import io.modelserver.window.WindowStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Single steps to an ensemble: the models a and b look at the same window of two named
 * features, c at a longer one, d at one step, e at order books too.
 */
@Timeout(120)
class EnsembleWindowsTest {

    private static final String NAMED = "{\"input_shape\": [%d, 2], \"feature_names\": [\"x\", \"y\"]}";

    @TempDir
    Path temp;

    private ServingRig rig;

    private int minute;

    @BeforeEach
    void writeMembers() throws Exception {
        rig = new ServingRig(temp);
        rig.models.folder()
            .version("a", "1", "0.5", NAMED.formatted(2))
            .version("b", "1", "0.5", NAMED.formatted(2))
            .version("c", "1", "0.5", NAMED.formatted(3))
            .mark("a", "production", "1")
            .mark("b", "production", "1")
            .mark("c", "production", "1");
        rig.models.writeProduction("d", 2);
    }

    @AfterEach
    void nobodyHoldsAVersion() {
        rig.close();
    }

    private void serve(String members, int minMembers) throws Exception {
        String list = String.join(",",
                members.chars().mapToObj((name) -> "{\"model\": \"%c\"}".formatted(name)).toList());
        rig.models
            .writeEnsemble(ServedModels.MODEL, "1",
                    "{\"members\": [%s], \"min_members\": %d}".formatted(list, minMembers))
            .serve("1");
        for (String member : List.of("a", "b", "c", "d", "e", "f")) {
            rig.models.passes(member, "1").forget();
        }
    }

    @Test
    void aStepIsInAWindowThatMembersShareOnce() throws Exception {
        serve("ab", 1);

        assertThat(step()).isEqualTo(new PredictionResult.WindowFilling("BTC", 1, 2));
        assertThat(consensus(step()).answers()).containsOnlyKeys("a", "b");
        assertThat(consensus(step()).answers()).containsOnlyKeys("a", "b");

        assertThat(rig.windows.list()).singleElement().extracting(WindowStatus::have).isEqualTo(2);
        assertThat(rig.models.passes("a", "1").inputs()).isEqualTo(rig.models.passes("b", "1").inputs()).hasSize(2);
    }

    @Test
    void aStepWithoutATimeIsInTheWindowOnceToo() throws Exception {
        serve("ab", 1);

        rig.predict(Requests.of("BTC").numbers(1, 0).build());
        rig.predict(Requests.of("BTC").numbers(2, 0).build());
        rig.predict(Requests.of("BTC").numbers(3, 0).build());

        assertThat(rig.models.passes("a", "1").firstNumbers()).containsExactly(1f, 2f);
    }

    @Test
    void aMemberWhoseWindowIsNotFullIsLeftOut() throws Exception {
        serve("ac", 1);

        assertThat(step()).isInstanceOf(PredictionResult.WindowFilling.class);
        Consensus second = consensus(step());
        assertThat(second.answers()).containsOnlyKeys("a");
        assertThat(second.failed().get("c")).isEqualTo("its window has 2 of 3 steps");
        assertThat(consensus(step()).answers()).containsOnlyKeys("a", "c");
    }

    @Test
    void untilEnoughWindowsAreFullTheEnsembleWaitsForTheLongest() throws Exception {
        serve("acd", 3);

        assertThat(step()).isEqualTo(new PredictionResult.WindowFilling("BTC", 1, 3));
        assertThat(step()).isEqualTo(new PredictionResult.WindowFilling("BTC", 2, 3));
        assertThat(consensus(step()).answers()).containsOnlyKeys("a", "c", "d");
    }

    @Test
    void aMemberWithoutAWindowAnswersWhileTheOthersFill() throws Exception {
        serve("ad", 1);

        Consensus first = consensus(step());

        assertThat(first.answers()).containsOnlyKeys("d");
        assertThat(first.failed()).containsOnlyKeys("a");
    }

    @Test
    void aStaleStepIsOneForAll() throws Exception {
        serve("ab", 1);
        step();
        step();

        PredictionServiceTest.assertRefused(
                rig.predict(Requests.of("BTC").numbers(1, 2).at(rig.clock.timeOfDay().millis()).build()),
                Refusal.STALE_STEP, "older than the last one");
    }

    @Test
    void aHistoryFillsTheWindowsOfAllMembers() throws Exception {
        serve("acd", 3);

        HistoryResult filled = rig.windows.fill(
                Requests.of("BTC").history("[{\"x\": 1, \"y\": 2}, {\"x\": 3, \"y\": 4}]").build(),
                rig.clock.getAsLong());

        assertThat(filled).isInstanceOfSatisfying(HistoryResult.Kept.class, (kept) -> {
            assertThat(kept.window().have()).isEqualTo(2);
            assertThat(kept.window().need()).isEqualTo(3);
        });
        assertThat(consensus(rig.predict(Requests.of("BTC").numbers(5, 6).build())).answers()).containsOnlyKeys("a",
                "c", "d");
    }

    @ParameterizedTest
    @ValueSource(strings = { "ae", "ea" })
    void aStepIsInItsWindowOnceWhereAMemberLooksAtTheBookToo(String members) throws Exception {
        writeFeaturesAndBooks();
        serve(members, 2);

        assertThat(stepAndBook(1)).isEqualTo(new PredictionResult.WindowFilling("BTC", 1, 2));
        for (int i = 2; i <= 4; i++) {
            assertThat(consensus(stepAndBook(i)).answers()).containsOnlyKeys("a", "e");
        }

        assertThat(rig.models.passes("a", "1").firstNumbers()).containsExactly(1f, 2f, 3f);
        assertThat(rig.models.passes("e", "1").inputs())
            .extracting((input) -> List.of(input.tensors().get(0).values()[0], input.tensors().get(1).values()[0]))
            .containsExactly(List.of(1f, 10f), List.of(2f, 20f), List.of(3f, 30f));
    }

    @Test
    void aHistoryOfBooksFillsTheWindowsOfThoseMembersThatLookAtBooks() throws Exception {
        writeFeaturesAndBooks();
        serve("ae", 1);

        assertThat(rig.windows.fill(Requests.of("BTC").book("[[[1, 2, 3, 4]], [[5, 6, 7, 8]]]").build(),
                rig.clock.getAsLong()))
            .isInstanceOfSatisfying(HistoryResult.Kept.class, (kept) -> assertThat(kept.window().have()).isEqualTo(2));

        assertThat(rig.windows.list()).extracting(WindowStatus::input).containsExactly("raw_lob");
    }

    @Test
    void anInputThatOnlyOneMemberTakesMayBeSent() throws Exception {
        rig.models.folder()
            .version("f", "1", "0.5",
                    "{\"inputs\": [{\"name\": \"features\", \"shape\": [2]}, {\"name\": \"extra\", \"shape\": [1]}]}")
            .mark("f", "production", "1");
        serve("df", 2);

        assertThat(consensus(rig.predict(Requests.of("BTC").numbers(1, 2).array("extra", "[3]").build())).answers())
            .containsOnlyKeys("d", "f");
        PredictionServiceTest.assertRefused(
                rig.predict(Requests.of("BTC").numbers(1, 2).array("extra", "[3]").array("typo", "[3]").build()),
                Refusal.INVALID_FEATURES, "inputs has [typo]");
    }

    private void writeFeaturesAndBooks() throws Exception {
        rig.models.folder()
            .version("e", "1", "0.5",
                    "{\"inputs\": [{\"name\": \"features\", \"shape\": [2, 2]},"
                            + " {\"name\": \"raw_lob\", \"shape\": [2, 1, 4]}], \"feature_names\": [\"x\", \"y\"]}")
            .mark("e", "production", "1");
    }

    /** Without a time, so that it would be another step if it came again. */
    private PredictionResult stepAndBook(int number) throws InterruptedException {
        return rig
            .predict(Requests.of("BTC").book("[[[%d, 1, 1, 1]]]".formatted(10 * number)).numbers(number, 0).build());
    }

    private PredictionResult step() throws InterruptedException {
        minute++;
        return rig.predict(
                Requests.of("BTC").numbers(minute, 0).at(rig.clock.timeOfDay().millis() + 60_000L * minute).build());
    }

    private static Consensus consensus(PredictionResult result) {
        assertThat(result).isInstanceOf(PredictionResult.Predicted.class);
        Consensus consensus = ((PredictionResult.Predicted) result).prediction().consensus();
        assertThat(consensus).isNotNull();
        return consensus;
    }

}
