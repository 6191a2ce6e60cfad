package io.modelserver.experiment.statistics;

import java.util.Arrays;

import io.modelserver.experiment.evidence.SignalScores;
import org.apache.commons.statistics.inference.ChiSquareTest;
import org.apache.commons.statistics.inference.DataDispersion;
import org.apache.commons.statistics.inference.TTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class WelchComparisonTest {

    /** As if time had no part in it. */
    private static final BlockVariance MANY_BLOCKS = new BlockVariance(0, Long.MAX_VALUE, Double.POSITIVE_INFINITY);

    @Test
    void withOneSignalAUnitItIsTheTestOfTheSignals() {
        double[] control = { 0.001, 0.012, -0.004, 0.02 };
        double[] treatment = { 0.01, -0.02, 0.03 };

        WelchComparison test = WelchComparison.of(mean(control), mean(treatment), MANY_BLOCKS);

        TTest.Result expected = TTest.withDefaults().with(DataDispersion.HETEROSCEDASTIC).test(treatment, control);
        assertThat(test).isNotNull();
        assertThat(test.pValue()).isCloseTo(expected.getPValue(), within(1e-12));
        assertThat(test.degreesOfFreedom()).isCloseTo(expected.getDegreesOfFreedom(), within(1e-9));
        assertThat(test.pValue()).isCloseTo(0.9727217816830909, within(1e-12));
    }

    @Test
    void signalsOfAUnitAreJudgedTogether() {
        double[][] units = { { 0.01, 0.01, 0.01 }, { -0.01 }, { 0.015, 0.005 }, { 0.01, 0, 0, 0.02, 0.01 } };

        ClusteredMean mean = mean(units);

        assertThat(mean.signals()).isEqualTo(11);
        assertThat(mean.value()).isCloseTo(0.007272727272727272, within(1e-15));
        assertThat(mean.variance()).isCloseTo(4.4987819593379334e-06, within(1e-18));
        assertThat(mean.effectiveUnits()).isCloseTo(3.1025641025641026, within(1e-12));
    }

    @Test
    void sharesOfHitsAreComparedAsTwoProportions() {
        double[] control = new double[2000];
        double[] treatment = new double[1500];
        Arrays.fill(control, 0, 1000, 1);
        Arrays.fill(treatment, 0, 800, 1);

        WelchComparison test = WelchComparison.of(mean(control), mean(treatment), MANY_BLOCKS);

        double expected = ChiSquareTest.withDefaults().test(new long[][] { { 1000, 1000 }, { 800, 700 } }).getPValue();
        assertThat(test).isNotNull();
        assertThat(test.pValue()).isCloseTo(expected, within(0.001));
        assertThat(test.information()).isCloseTo(2000.0 * 1500 / 3500, within(1.0));
    }

    @Test
    void correlatedSignalsAreWorthLessThanTheirNumber() {
        double[][] control = new double[20][50];
        double[][] treatment = new double[20][50];
        for (int i = 0; i < 20; i++) {
            Arrays.fill(control[i], i % 5 * 0.01);
            Arrays.fill(treatment[i], i % 4 * 0.01);
        }

        WelchComparison test = WelchComparison.of(mean(control), mean(treatment), MANY_BLOCKS);

        assertThat(test).isNotNull();
        assertThat(test.information()).isCloseTo(10, within(1.0));
    }

    @Test
    void withoutUnitsOrVarianceThereIsNoTest() {
        ClusteredMean some = mean(new double[] { 1, 2, 3 });
        ClusteredMean constant = mean(new double[] { 0.1, 0.1, 0.1 });

        assertThat(WelchComparison.of(null, some, MANY_BLOCKS)).isNull();
        assertThat(WelchComparison.of(some, null, MANY_BLOCKS)).isNull();
        assertThat(WelchComparison.of(some, mean(new double[] { 1 }), MANY_BLOCKS)).isNull();
        assertThat(WelchComparison.of(constant, constant, MANY_BLOCKS)).isNull();
        assertThat(WelchComparison.of(constant, some, MANY_BLOCKS)).isNotNull();
    }

    @Test
    void unitsOfDifferentSizeWithTheSameReturnDoNotVary() {
        double[][] units = { { 0.1, 0.1, 0.1 }, { 0.1 }, { 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 } };

        assertThat(mean(units).variance()).isZero();
    }

    @Test
    void intervalsEndWhereTheTestIsJustSignificant() {
        WelchComparison test = WelchComparison.of(mean(new double[] { 1, 2, 3, 5, 8, 2, 1 }),
                mean(new double[] { 2, 3, 4, 1, 2, 1 }), MANY_BLOCKS);

        assertThat(test).isNotNull();
        assertThat(test.halfWidthOfOneLook(test.pValue())).isCloseTo(Math.abs(test.difference()), within(1e-9));
        assertThat(test.halfWidth(test.normalDeviate())).isCloseTo(Math.abs(test.difference()), within(1e-9));
    }

    private static ClusteredMean mean(double[] signals) {
        return mean(Arrays.stream(signals).mapToObj((signal) -> new double[] { signal }).toArray(double[][]::new));
    }

    private static ClusteredMean mean(double[][] units) {
        SignalScores scores = new SignalScores();
        for (double[] unit : units) {
            Arrays.stream(unit).forEach(scores::add);
            scores.addUnit(unit.length, Arrays.stream(unit).sum());
        }
        ClusteredMean mean = scores.clusteredMean(scores.units());
        assertThat(mean).isNotNull();
        return mean;
    }

}
