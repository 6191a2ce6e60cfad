package io.modelserver.experiment.assign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.apache.commons.statistics.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TrafficSplitTest {

    private static final int UNITS = 100_000;

    private static final Path GOLDEN = Path.of("src/test/resources/experiment/assignments.csv");

    @ParameterizedTest
    @CsvSource({ "0.5 0.5", "0.9 0.1", "0.99 0.01", "0.5 0.3 0.2", "0.25 0.25 0.25 0.25" })
    void aHundredThousandUnitsComeInTheirShares(String text) {
        double[] shares = shares(text);
        long[] observed = new long[shares.length];

        for (int variant : assignments("prices", shares)) {
            observed[variant]++;
        }

        assertThat(ChiSquareTest.withDefaults().test(shares, observed).getPValue()).isGreaterThan(0.001);
    }

    @Test
    void twoExperimentsAssignIndependently() {
        int[] first = assignments("first", 0.5, 0.5);
        int[] second = assignments("second", 0.5, 0.5);
        long[][] table = new long[2][2];
        for (int i = 0; i < UNITS; i++) {
            table[first[i]][second[i]]++;
        }

        assertThat(ChiSquareTest.withDefaults().test(table).getPValue()).isGreaterThan(0.001);
    }

    @ParameterizedTest
    @CsvSource({ "0.9 0.1, 0.5 0.5", "0.5 0.5, 0.1 0.9", "0.8 0.1 0.1, 0.6 0.2 0.2", "0.4 0.4 0.2, 0.2 0.2 0.6" })
    void noMoreUnitsMoveThanMust(String before, String after) {
        assertThat(moved(before, after)).isCloseTo(leastMoved(before, after), within(0.01));
    }

    @ParameterizedTest
    @CsvSource({ "0.6 0.3 0.1, 0.3 0.3 0.4", "0.5 0.3 0.2, 0.2 0.3 0.5", "0.25 0.25 0.25 0.25, 0.4 0.3 0.2 0.1" })
    void whenSeveralSharesChangeAtWillNoMoreUnitsMoveThanAnyRuleCanPromise(String before, String after) {
        double least = leastMoved(before, after);

        assertThat(moved(before, after)).isBetween(least - 0.01, 2 * least / (1 + least));
    }

    private static double moved(String before, String after) {
        int[] from = assignments("moving", shares(before));
        int[] to = assignments("moving", shares(after));

        return IntStream.range(0, UNITS).filter((i) -> from[i] != to[i]).count() / (double) UNITS;
    }

    private static double leastMoved(String before, String after) {
        return IntStream.range(0, shares(before).length)
            .mapToDouble((i) -> Math.max(0, shares(after)[i] - shares(before)[i]))
            .sum();
    }

    @Test
    void withTwoVariantsNoUnitMovesAgainstTheChange() {
        int[] from = assignments("moving", 0.9, 0.1);
        int[] to = assignments("moving", 0.6, 0.4);

        assertThat(IntStream.range(0, UNITS).filter((i) -> from[i] == 1 && to[i] == 0)).isEmpty();
    }

    @Test
    void theOrderOfVariantsDoesNotMatter() {
        Variant a = Variant.serving("a", Samples.model("a"), 0.3);
        Variant b = Variant.serving("b", Samples.model("b"), 0.7);
        TrafficSplit one = new TrafficSplit(Samples.of("e", List.of(a, b), Guardrails.none()));
        TrafficSplit other = new TrafficSplit(Samples.of("e", List.of(b, a), Guardrails.none()));

        for (int i = 0; i < 1000; i++) {
            assertThat(one.assign("unit-" + i)).isEqualTo(other.assign("unit-" + i));
        }
    }

    @Test
    void aShadowIsAssignedNothing() {
        Variant control = Variant.serving("control", Samples.model("a"), 1);
        TrafficSplit split = new TrafficSplit(
                Samples.of("e", List.of(control, Variant.shadow("shadow", Samples.model("b"))), Guardrails.none()));

        for (int i = 0; i < 1000; i++) {
            assertThat(split.assign("unit-" + i)).isEqualTo(control);
        }
    }

    /**
     * The file was checked against a second implementation of MurmurHash3 x64 128. If
     * this fails, running experiments would be reassigned: mend the hash, not the file.
     */
    @Test
    void assignmentsStayWhatTheyEverWere() throws IOException {
        for (String line : Files.readAllLines(GOLDEN).stream().skip(1).toList()) {
            String[] fields = line.split(",", -1);
            TrafficSplit split = new TrafficSplit(Samples.split(fields[0], shares(fields[1])));

            assertThat(split.assign(fields[2]).name()).as(line).isEqualTo(fields[3]);
        }
    }

    private static int[] assignments(String id, double... shares) {
        Experiment experiment = Samples.split(id, shares);
        TrafficSplit split = new TrafficSplit(experiment);
        return IntStream.range(0, UNITS).map((i) -> experiment.variants().indexOf(split.assign("unit-" + i))).toArray();
    }

    private static double[] shares(String text) {
        return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

}
