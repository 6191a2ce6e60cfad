package io.modelserver.experiment.evidence;

import java.util.Arrays;

import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.statistics.ClusteredMean;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.TimeSums;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.Test;

import static io.modelserver.experiment.assign.Samples.failed;
import static io.modelserver.experiment.assign.Samples.signal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class VariantTallyTest {

    private static final double ROUNDING = 1e-12;

    private final VariantTally tally = tally(new AnalysisSettings(0.001, 365, 0));

    @Test
    void directionsAreHeldAgainstTheBand() {
        add(Direction.BUY, 0.0011);
        add(Direction.BUY, 0.001);
        add(Direction.SELL, -0.0011);
        add(Direction.SELL, -0.001);
        add(Direction.HOLD, 0.001);
        add(Direction.HOLD, -0.001);
        add(Direction.HOLD, 0.0011);
        add(Direction.HOLD, -0.0011);

        assertThat(tally.metrics().outcomes()).isEqualTo(8);
        assertThat(tally.metrics().accuracy()).isEqualTo(4 / 8.0);
    }

    @Test
    void precisionRecallAndF1AreMeansOverTheClasses() {
        add(Direction.BUY, 0.02);
        add(Direction.SELL, 0.02);
        add(Direction.SELL, -0.02);
        add(Direction.HOLD, 0);
        add(Direction.BUY, 0);
        add(Direction.SELL, -0.02);
        add(Direction.HOLD, 0.02);

        VariantMetrics metrics = tally.metrics();

        assertThat(metrics.precision()).isCloseTo((2 / 3.0 + 1 / 2.0 + 1 / 2.0) / 3, within(ROUNDING));
        assertThat(metrics.recall()).isCloseTo((2 / 2.0 + 1 / 2.0 + 1 / 3.0) / 3, within(ROUNDING));
        assertThat(metrics.f1Score()).isCloseTo((4 / 5.0 + 2 / 4.0 + 2 / 5.0) / 3, within(ROUNDING));
    }

    @Test
    void aClassThatNeverOccursDoesNotCountAndOneThatIsNeverPredictedIsZero() {
        add(Direction.BUY, 0.02);
        add(Direction.BUY, 0.02);
        add(Direction.BUY, -0.02);

        VariantMetrics metrics = tally.metrics();

        assertThat(metrics.precision()).isCloseTo((2 / 3.0 + 0) / 2, within(ROUNDING));
        assertThat(metrics.recall()).isCloseTo((1.0 + 0) / 2, within(ROUNDING));
        assertThat(metrics.f1Score()).isCloseTo((4 / 5.0 + 0) / 2, within(ROUNDING));
    }

    @Test
    void returnsAreSignedByWhatWasDone() {
        add(Direction.BUY, 0.02);
        add(Direction.SELL, -0.01);
        add(Direction.SELL, 0.03);
        add(Direction.HOLD, 0.5);

        VariantMetrics metrics = tally.metrics();

        double[] signed = { 0.02, 0.01, -0.03, 0 };
        double mean = Arrays.stream(signed).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(signed).map((r) -> (r - mean) * (r - mean)).sum() / 3);
        assertThat(metrics.totalPnl()).isCloseTo(0, within(ROUNDING));
        assertThat(metrics.avgReturn()).isCloseTo(mean, within(ROUNDING));
        assertThat(metrics.winRate()).isCloseTo(2 / 3.0, within(ROUNDING));
        assertThat(metrics.sharpePerSignal()).isCloseTo(mean / deviation, within(1e-9));
    }

    @Test
    void whatFailedCountsAsASampleAndScoresNothing() {
        add(Direction.BUY, 0.02);
        tally.add(new Observation("u", "S", Samples.EVENT_MILLIS, Direction.SELL, 0.5, 1_000_000, true,
                Samples.result(0.02)));
        tally.add(failed("u"));
        tally.add(Samples.answered("u", 1_000_000));

        VariantMetrics metrics = tally.metrics();

        assertThat(metrics.samples()).isEqualTo(4);
        assertThat(metrics.outcomes()).isEqualTo(1);
        assertThat(metrics.errorRate()).isEqualTo(0.5);
        assertThat(metrics.accuracy()).isEqualTo(1);
    }

    @Test
    void whatIsUndefinedIsNull() {
        VariantMetrics nothing = tally.metrics();

        assertThat(nothing).isEqualTo(new VariantMetrics("control", 0, 0, 0, null, null, null, null, null, null, null,
                null, null, null, null, null, null, null, null, null));
    }

    @Test
    void withoutVarianceThereIsNoSharpeRatio() {
        add(Direction.BUY, 0.01);
        assertThat(tally.metrics().sharpeRatio()).isNull();

        add(Direction.BUY, 0.01);
        add(Direction.BUY, 0.01);
        assertThat(tally.metrics().sharpeRatio()).isNull();
        assertThat(tally.metrics().avgReturn()).isEqualTo(0.01);
    }

    @Test
    void theSharpeRatioTheDrawdownAndTheTurnoverAreOfDays() {
        double[][] days = { { 0.01, 0.02 }, { -0.03, 0.01, -0.01 }, { 0.02 }, { 0.005, 0 } };
        for (int day = 0; day < days.length; day++) {
            for (int i = 0; i < days[day].length; i++) {
                tally.add(Samples.signal("u" + i, Samples.EVENT_MILLIS + day * 86_400_000L + i * 3_600_000L,
                        (days[day][i] == 0) ? Direction.HOLD : Direction.BUY, Samples.result(days[day][i])));
            }
        }

        VariantMetrics metrics = tally.metrics();

        double[] sums = { 0.03, -0.03, 0.02, 0.005 };
        double mean = Arrays.stream(sums).average().orElseThrow();
        double deviation = Math.sqrt(Arrays.stream(sums).map((sum) -> (sum - mean) * (sum - mean)).sum() / 3);
        assertThat(metrics.sharpeRatio()).isCloseTo(mean / deviation * Math.sqrt(365), within(1e-9));
        assertThat(metrics.maxDrawdown()).isCloseTo(0.03, within(ROUNDING));
        assertThat(metrics.turnover()).isCloseTo(7 / 4.0, within(ROUNDING));
    }

    @Test
    void costsAndFeesAreTakenFromActedSignalsAlone() {
        VariantTally costly = new VariantTally("costly", AnalysisSettings.defaults(), 0.001, new OpenUnits(false, 1),
                new TimeSums(VariantTally.TIMED, 3_600_000), 0);
        costly
            .add(Samples.signal("u", Samples.EVENT_MILLIS, Direction.BUY, new Observation.Result(0.0025, 0.001, null)));
        costly.add(
                Samples.signal("u", Samples.EVENT_MILLIS, Direction.SELL, new Observation.Result(-0.001, 0.001, null)));
        costly.add(Samples.signal("u", Samples.EVENT_MILLIS, Direction.HOLD, new Observation.Result(0.5, 0.001, null)));

        VariantMetrics metrics = costly.metrics();

        assertThat(metrics.totalPnlGross()).isCloseTo(0.0035, within(ROUNDING));
        assertThat(metrics.totalPnl()).isCloseTo(0.0035 - 4 * 0.001, within(ROUNDING));
        assertThat(metrics.avgReturn()).isCloseTo(-0.0005 / 3, within(ROUNDING));
        assertThat(metrics.avgReturnGross()).isCloseTo(0.0035 / 3, within(ROUNDING));
        assertThat(metrics.winRate()).isEqualTo(0.5);
    }

    @Test
    void whoOnlyHoldsWinsAndLosesNothing() {
        add(Direction.HOLD, 0.05);
        add(Direction.HOLD, 0.02);

        assertThat(tally.metrics().winRate()).isNull();
        assertThat(tally.metrics().avgReturn()).isZero();
        assertThat(tally.metrics().sharpeRatio()).isNull();
    }

    @Test
    void latencyPercentilesAreWithinAThousandth() {
        for (int i = 1; i <= 100_000; i++) {
            tally.add(Samples.answered("u", i * 1_000L));
        }

        assertThat(tally.metrics().avgLatencyMillis()).isCloseTo(50.0005, within(1e-9));
        assertThat(tally.metrics().p95LatencyMillis()).isCloseTo(95, within(0.095));
    }

    @Test
    void anAbsurdLatencyIsAnHour() {
        tally.add(Samples.answered("u", Long.MAX_VALUE));

        assertThat(tally.metrics().p95LatencyMillis()).isCloseTo(3_600_000, within(3_600.0));
    }

    @Test
    void theGreatestReturnsStayFinite() {
        for (int i = 0; i < 1000; i++) {
            add(Direction.BUY, (i % 3 == 0) ? -Observation.GREATEST_RETURN : Observation.GREATEST_RETURN);
        }

        assertThat(tally.metrics().avgReturn()).isFinite();
        assertThat(tally.metrics().sharpePerSignal()).isFinite();
        assertThat(tally.metrics().totalPnl()).isFinite();
    }

    @Test
    void smallDifferencesOfLargeReturnsAreNotLost() {
        VariantTally shifted = tally(AnalysisSettings.defaults());
        for (int i = 0; i < 100_000; i++) {
            shifted.add(signal("u" + i, Direction.BUY, 100_000 + (i % 2) * 1e-3));
        }

        ClusteredMean mean = shifted.mean(Figure.NET);

        assertThat(mean).isNotNull();
        assertThat(mean.signalVariance()).isCloseTo(0.25e-6, within(1e-10));
        assertThat(mean.variance() * 100_000).isCloseTo(0.25e-6, within(1e-9));
    }

    @Test
    void observationsThatNoSumCouldBearAreRefused() {
        for (double actualReturn : new double[] { Double.NaN, Double.POSITIVE_INFINITY, -1.1e6 }) {
            assertThatIllegalArgumentException().isThrownBy(() -> signal("u", Direction.BUY, actualReturn))
                .withMessageContaining("actualReturn must be a number from -1000000.0 to 1000000.0");
        }
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new Observation("u", "S", 0, Direction.BUY, Double.POSITIVE_INFINITY, 1, false, null));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> new Observation("u", "S", 0, Direction.BUY, 0.5, -1, false, null));
    }

    @Test
    void answersWithoutADirectionAreSamplesAndNoFailures() {
        tally.add(new Observation("u", "S", Samples.EVENT_MILLIS, null, Double.NaN, 3_000_000, false, null));

        VariantMetrics metrics = tally.metrics();

        assertThat(metrics.samples()).isOne();
        assertThat(metrics.errorRate()).isZero();
        assertThat(metrics.accuracy()).isNull();
    }

    @Test
    void settingsAreNumbersThatMakeSense() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AnalysisSettings(-0.1, 365, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnalysisSettings(Double.NaN, 365, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnalysisSettings(0.001, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnalysisSettings(0.001, Double.NaN, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnalysisSettings(0.001, 365, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new AnalysisSettings(0.001, 365, Double.NaN));
    }

    private static VariantTally tally(AnalysisSettings settings) {
        return new VariantTally("control", settings, 0, new OpenUnits(false, 1),
                new TimeSums(VariantTally.TIMED, 3_600_000), 0);
    }

    private void add(Direction direction, double actualReturn) {
        tally.add(signal("u", direction, actualReturn));
    }

}
