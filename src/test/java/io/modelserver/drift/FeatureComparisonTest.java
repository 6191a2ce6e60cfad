package io.modelserver.drift;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class FeatureComparisonTest {

    private static final int SAMPLES = 20_000;

    private static final long DAY = Duration.ofDays(1).toNanos();

    /** Of the standard normal distribution; its extremes are those of 40,000 draws. */
    private static final FeatureBaseline NORMAL = normal(0, 1);

    private final Random random = new Random(7);

    @Test
    void whatIsAsInTrainingIsStable() {
        FeatureDrift drift = compare(NORMAL, random::nextGaussian);

        assertThat(drift.verdict()).isEqualTo(DriftVerdict.STABLE);
        assertThat(drift.psi()).isBetween(0.0, 0.005);
        assertThat(drift.meanShift()).isCloseTo(0, within(0.03));
        assertThat(drift.constant()).isFalse();
    }

    @Test
    void theIndexIsTheOneOfTheExactShares() {
        double shift = 0.5;
        double exact = 0;
        NormalDistribution live = NormalDistribution.of(shift, 1);
        for (int i = 1; i <= 10; i++) {
            double upper = (i == 10) ? 1 : live.cumulativeProbability(NORMAL.quantiles().get(i));
            double lower = (i == 1) ? 0 : live.cumulativeProbability(NORMAL.quantiles().get(i - 1));
            exact += (upper - lower - 0.1) * Math.log((upper - lower) / 0.1);
        }

        assertThat(compare(NORMAL, () -> shift + random.nextGaussian()).psi()).isCloseTo(exact, within(0.02));
    }

    @Test
    void aShiftOfTheMeanShows() {
        FeatureDrift drift = compare(NORMAL, () -> 1 + random.nextGaussian());

        assertThat(drift.meanShift()).isCloseTo(1, within(0.03));
        assertThat(drift.verdict()).isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void aWiderSpreadShowsThoughTheMeanStays() {
        FeatureDrift drift = compare(NORMAL, () -> 2.5 * random.nextGaussian());

        assertThat(drift.meanShift()).isCloseTo(0, within(0.06));
        assertThat(drift.psi()).isGreaterThan(0.25);
        assertThat(drift.verdict()).isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void aSmallShiftIsToBeWatched() {
        assertThat(compare(NORMAL, () -> 0.35 + random.nextGaussian()).verdict()).isEqualTo(DriftVerdict.WATCH);
    }

    @Test
    void aFeatureThatFreezesIsConstant() {
        FeatureDrift drift = compare(NORMAL, () -> 0.1);

        assertThat(drift.constant()).isTrue();
        assertThat(drift.verdict()).isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void zerosThatTrainingNeverSawAreMissingValues() {
        FeatureBaseline price = normal(100, 5);

        assertThat(compare(price, () -> (random.nextInt(4) == 0) ? 0 : 100 + 5 * random.nextGaussian()).missingShare())
            .isCloseTo(0.25, within(0.01));
        assertThat(compare(NORMAL, () -> 0).missingShare()).isZero();
    }

    @Test
    void valuesThatAreNotThereAreInNoOtherMeasure() {
        FeatureDrift drift = compare(trainedWith(0.25, NORMAL),
                () -> (random.nextInt(4) == 0) ? Double.NaN : random.nextGaussian());

        assertThat(drift.missingShare()).isCloseTo(0.25, within(0.01));
        assertThat(drift.psi()).isLessThan(0.05);
        assertThat(drift.liveMean()).isCloseTo(0, within(0.06));
        assertThat(drift.outsideShare()).isZero();
    }

    @Test
    void moreMissingValuesThanInTrainingAreDrift() {
        DoubleSupplier mostlyMissing = () -> (random.nextInt(4) != 0) ? Double.NaN : random.nextGaussian();

        assertThat(compare(trainedWith(0, NORMAL), mostlyMissing).verdict()).isEqualTo(DriftVerdict.DRIFTED);
        assertThat(compare(trainedWith(0.75, NORMAL), mostlyMissing).distance()).isLessThan(0.5);
        assertThat(compare(NORMAL, mostlyMissing).distance()).as("training does not tell").isLessThan(0.5);
    }

    @Test
    void aFeatureWithoutAnyValueHasNumbersAllTheSame() {
        FeatureDrift drift = compare(trainedWith(0, NORMAL), () -> Double.NaN);

        assertThat(drift.verdict()).isEqualTo(DriftVerdict.DRIFTED);
        assertThat(drift.missingShare()).isEqualTo(1);
        assertThat(drift.constant()).isFalse();
        assertThat(List.of(drift.psi(), drift.meanShift(), drift.liveMean(), drift.outsideShare())).containsOnly(0.0);
        assertThat(drift.distance()).isEqualTo(2);
    }

    @Test
    void aFeatureOfWhichThereAreFewValuesIsNotCalledStable() {
        int[] turn = { 0 };

        assertThat(compare(NORMAL, () -> (turn[0]++ % 100 == 0) ? 0.1 : Double.NaN).verdict())
            .isEqualTo(DriftVerdict.TOO_FEW_SAMPLES);
    }

    @Test
    void equalQuantilesBoundNoBinOfTheirOwn() {
        FeatureBaseline mostlyZero = new FeatureBaseline("flag", 0.2, 0.4,
                List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0));

        assertThat(compare(mostlyZero, () -> (random.nextInt(5) == 0) ? 1 : 0).verdict())
            .isEqualTo(DriftVerdict.STABLE);
        assertThat(compare(mostlyZero, () -> (random.nextInt(5) == 0) ? 0 : 1).verdict())
            .isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void whatWasConstantInTrainingIsComparedToo() {
        FeatureBaseline constant = new FeatureBaseline("lot", 3, 0, List.of(3.0, 3.0, 3.0));

        assertThat(compare(constant, () -> 3).verdict()).isEqualTo(DriftVerdict.STABLE);
        assertThat(compare(constant, () -> 4).meanShift()).isEqualTo(1000);
        assertThat(compare(constant, () -> 4).verdict()).isEqualTo(DriftVerdict.DRIFTED);
    }

    @Test
    void aRareOtherValueOfWhatWasConstantInTrainingIsNoDrift() {
        FeatureBaseline constant = new FeatureBaseline("halted", 0, 0, List.of(0.0, 0.0, 0.0));

        assertThat(compare(constant, () -> (random.nextInt(1000) == 0) ? 1 : 0).verdict())
            .isEqualTo(DriftVerdict.STABLE);
        assertThat(compare(constant, () -> (random.nextInt(10) == 0) ? 1 : 0).verdict()).isEqualTo(DriftVerdict.WATCH);
    }

    @Test
    void aConstantOfEightDigitsIsTheFloatThatBotsSend() {
        FeatureBaseline tick = new FeatureBaseline("tick", 0.1, 0, List.of(0.1, 0.1, 0.1));
        FeatureDrift drift = compare(tick, () -> 0.1f);

        assertThat(drift.meanShift()).isZero();
        assertThat(drift.psi()).isZero();
        assertThat(drift.verdict()).isEqualTo(DriftVerdict.STABLE);
        for (int i = 0; i < 1000; i++) {
            float value = (float) Math.exp(5 * random.nextGaussian());
            double written = Double.parseDouble("%.8g".formatted(value));
            FeatureBaseline training = new FeatureBaseline("f", written, 1e-17, List.of(written, written));
            FeatureCounts live = new FeatureCounts(training);
            live.add(value);

            assertThat(FeatureComparison.compare(training, live, DAY, 1, 1).verdict()).as("%s", value)
                .isEqualTo(DriftVerdict.STABLE);
        }
    }

    @Test
    void twoValuesOfEightDigitsAreTheFloatsThatBotsSend() {
        FeatureBaseline spread = new FeatureBaseline("spread", 0.15, 0.05,
                List.of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2));
        FeatureDrift drift = compare(spread, 0.1f, 0.2f);

        assertThat(drift.psi()).isZero();
        assertThat(drift.meanShift()).isCloseTo(0, within(1e-6));
        assertThat(drift.verdict()).isEqualTo(DriftVerdict.STABLE);
    }

    @Test
    void discreteValuesAsInTrainingHaveAnIndexOfZero() {
        FeatureBaseline level = new FeatureBaseline("level", 2, Math.sqrt(2),
                List.of(0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0));

        assertThat(compare(level, 0, 1, 2, 3, 4).psi()).isCloseTo(0, within(1e-12));
        assertThat(compare(level, 0, 1, 2, 3, 4).verdict()).isEqualTo(DriftVerdict.STABLE);
    }

    @Test
    void theIndexOfFourValuesIsTheOneOfTheirShares() {
        FeatureBaseline quarters = new FeatureBaseline("quarter", 2.5, 1.118, List.of(1.0, 1.0, 2.0, 3.0, 4.0));

        assertThat(compare(quarters, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4).psi()).isCloseTo(0.228, within(0.0005));
    }

    @Test
    void binsOfTrainingsOwnSharesAreExactWhereQuantilesLieBetweenValues() {
        List<Double> between = List.of(0.0, 0.0, 0.8, 1.0, 1.6, 2.0, 2.4, 3.0, 3.2, 4.0, 4.0);
        FeatureBaseline level = new FeatureBaseline("level", 2, Math.sqrt(2), between,
                Bins.of(List.of(0.0, 1.0, 2.0, 3.0), List.of(0.2, 0.2, 0.2, 0.2, 0.2)), FeatureWindow.FIXED);

        assertThat(compare(level, 0, 1, 2, 3, 4).psi()).isCloseTo(0, within(1e-12));
    }

    @Test
    void binsThatMakeNoSenseAreRefused() {
        List<Double> halves = List.of(0.5, 0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> Bins.of(List.of(1.0, 1.0), List.of(0.5, 0.25, 0.25)));
        assertThatIllegalArgumentException().isThrownBy(() -> Bins.of(List.of(Double.NaN), halves));
        assertThatIllegalArgumentException().isThrownBy(() -> Bins.of(List.of(1.0, 2.0), halves));
        assertThatIllegalArgumentException().isThrownBy(() -> Bins.of(List.of(1.0), List.of(-0.5, 1.5)));
        assertThatIllegalArgumentException().isThrownBy(() -> Bins.of(List.of(1.0), List.of(0.5, 0.6)));
        assertThatIllegalArgumentException().isThrownBy(() -> Bins.of(List.of(1.0), List.of(Double.NaN, 1.0)));
    }

    private static FeatureBaseline normal(double mean, double std) {
        NormalDistribution distribution = NormalDistribution.of(mean, std);
        return new FeatureBaseline("feature", mean, std,
                IntStream.rangeClosed(0, 10)
                    .mapToObj((i) -> distribution
                        .inverseCumulativeProbability(Math.clamp(i / 10.0, 1 / 40_000.0, 1 - 1 / 40_000.0)))
                    .toList());
    }

    private static FeatureBaseline trainedWith(double missing, FeatureBaseline plain) {
        return new FeatureBaseline(plain.name(), plain.mean(), plain.std(), plain.quantiles(), plain.bins(),
                plain.window(), missing);
    }

    private static FeatureDrift compare(FeatureBaseline training, DoubleSupplier values) {
        FeatureCounts live = new FeatureCounts(training);
        for (int i = 0; i < SAMPLES; i++) {
            live.add((float) values.getAsDouble());
        }
        return FeatureComparison.compare(training, live, DAY, 1, SAMPLES);
    }

    /** Each value equally often, by turns. */
    private static FeatureDrift compare(FeatureBaseline training, double... values) {
        int[] turn = { 0 };
        return compare(training, () -> values[turn[0]++ % values.length]);
    }

}
