package io.modelserver.experiment.statistics;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class TimeSumsTest {

    private static final long HOUR = 3_600_000;

    private static final int SIGNALS = 0;

    private static final int SCORES = 1;

    @Test
    void eventsOfABinAreSummedWhateverTheirOrder() {
        TimeSums times = new TimeSums(1, HOUR);
        for (long time : new long[] { 5 * HOUR, 0, HOUR - 1, 5 * HOUR + 1, -1, HOUR, 0 }) {
            times.at(time)[0]++;
        }

        assertThat(times.bins()).isEqualTo(4);
        assertThat(new double[] { times.sums(0)[0], times.sums(1)[0], times.sums(2)[0], times.sums(3)[0] })
            .containsExactly(1, 3, 1, 2);
    }

    @ParameterizedTest
    @ValueSource(longs = { 1, 7, 1_000_003 })
    void howeverLongTheTimeTheBinsAreBoundedAndNothingIsLost(long hours) {
        TimeSums times = new TimeSums(1, HOUR);
        for (int i = 0; i < 100_000; i++) {
            times.at(i * hours * HOUR)[0] += i;
        }

        assertThat(times.bins()).isBetween(1_024, 4_096);
        assertThat(times.total(0, Long.MAX_VALUE)).isEqualTo(100_000.0 * 99_999 / 2);
    }

    @Test
    void theVarianceIsThatOfWholeBlocks() {
        TimeSums times = new TimeSums(2, HOUR);
        double[] sums = { 3, -1, 2, 2, -4, 1, 0, 5 };
        for (int i = 0; i < sums.length; i++) {
            double[] now = times.at(i * HOUR);
            now[SIGNALS] += 2;
            now[SCORES] += sums[i];
        }

        BlockVariance variance = times.variance(new TimeMean(SIGNALS, SCORES, 0.5, 16), null, 4 * HOUR, Long.MAX_VALUE);

        assertThat(variance.blocks()).isEqualTo(2);
        assertThat(variance.effectiveBlocks()).isCloseTo(2, within(1e-12));
        assertThat(variance.variance()).isCloseTo(2.0 * (2 * 2 + 2 * 2) / (16 * 16), within(1e-12));
    }

    @Test
    void aBlockThatHoldsNearlyAllIsLikeOneBlock() {
        TimeSums times = new TimeSums(2, HOUR);
        for (int i = 0; i < 20; i++) {
            times.at(i * HOUR)[SIGNALS] += (i == 0) ? 10_000 : 1;
        }

        BlockVariance variance = times.variance(new TimeMean(SIGNALS, SCORES, 0, 10_019), null, HOUR, Long.MAX_VALUE);

        assertThat(variance.blocks()).isEqualTo(20);
        assertThat(variance.wholeBlocks()).isEqualTo(1);
    }

    @Test
    void onlyBinsThatHaveEndedByATimeCount() {
        TimeSums times = new TimeSums(1, HOUR);
        for (int i = 0; i < 10; i++) {
            times.at(i * HOUR + 1)[0]++;
        }

        assertThat(times.total(0, 5 * HOUR)).isEqualTo(5);
        assertThat(times.total(0, 5 * HOUR - 1)).isEqualTo(4);
        assertThat(times.total(0, -HOUR)).isZero();
    }

    @Test
    void coarserBinsOnlyEverRaiseAVarianceOfReturnsThatLastForLong() {
        Random random = new Random(1);
        TimeSums fine = new TimeSums(2, HOUR);
        TimeSums coarse = new TimeSums(2, 64 * HOUR);
        double lasting = 0;
        for (int i = 0; i < 4_000; i++) {
            lasting = 0.98 * lasting + random.nextGaussian();
            for (TimeSums times : new TimeSums[] { fine, coarse }) {
                double[] now = times.at(i * HOUR);
                now[SIGNALS]++;
                now[SCORES] += lasting;
            }
        }
        TimeMean mean = new TimeMean(SIGNALS, SCORES, fine.total(SCORES, Long.MAX_VALUE) / 4_000, 4_000);

        assertThat(coarse.variance(mean, null, HOUR, Long.MAX_VALUE).variance())
            .isGreaterThan(10 * fine.variance(mean, null, HOUR, Long.MAX_VALUE).variance());
        assertThat(fine.variance(mean, null, 64 * HOUR, Long.MAX_VALUE).variance())
            .isCloseTo(coarse.variance(mean, null, HOUR, Long.MAX_VALUE).variance(), within(1e-12));
    }

}
