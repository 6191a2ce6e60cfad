package io.modelserver.experiment.statistics;

import java.util.SplittableRandom;

import io.modelserver.experiment.verdict.SampleRatio;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class BoundsTest {

    @Test
    void theMixtureIsClosestWhereItWasToldToBe() {
        NormalMixture mixture = NormalMixture.closestAt(500, 0.02);

        assertThat(mixture.prior()).isCloseTo(49.99236862953652, within(1e-9));
        assertThat(mixture.bound(500, 0.02)).isCloseTo(3.3532271076050955, within(1e-9));
        for (double other : new double[] { 400, 450, 550, 600 }) {
            assertThat(NormalMixture.closestAt(other, 0.02).bound(500, 0.02)).isGreaterThan(mixture.bound(500, 0.02));
        }
    }

    @Test
    void thePValueIsAlphaAtTheBound() {
        NormalMixture mixture = NormalMixture.closestAt(500, 0.02);

        for (double information : new double[] { 1, 50, 1000, 1e6 }) {
            assertThat(mixture.pValue(mixture.bound(information, 0.02), information)).isCloseTo(0.02, within(1e-9));
        }
        assertThat(mixture.pValue(0, 100)).isEqualTo(1);
        assertThat(mixture.pValue(Double.POSITIVE_INFINITY, 100)).isZero();
    }

    @Test
    void boundsOfAProbabilityAreThoseOfTheLikelihoodRatio() {
        BinomialMixture mixture = new BinomialMixture(0.01);

        assertThat(mixture.lower(30, 1000)).isCloseTo(0.012961109110224932, within(1e-9));
        assertThat(mixture.upper(30, 1000)).isCloseTo(0.05731566360008944, within(1e-9));
        assertThat(mixture.lower(0, 10)).isZero();
        assertThat(mixture.upper(10, 10)).isEqualTo(1);
        assertThat(mixture.lower(10, 10)).isBetween(0.4, 0.6);
    }

    @Test
    void aProbabilityIsSeldomEverOutOfItsBounds() {
        SplittableRandom random = new SplittableRandom(6);
        BinomialMixture mixture = new BinomialMixture(0.05);
        int wrong = 0;
        for (int run = 0; run < 500; run++) {
            long hits = 0;
            boolean ruledOut = false;
            for (int samples = 1; samples <= 1000; samples++) {
                hits += (random.nextDouble() < 0.1) ? 1 : 0;
                ruledOut |= mixture.rulesOut(0.1, hits, samples);
            }
            wrong += ruledOut ? 1 : 0;
        }

        assertThat(wrong / 500.0).isLessThan(0.05 + 0.02);
    }

    @Test
    void severalPValuesAreAdjustedInTheirOrder() {
        assertThat(HolmAdjustment.adjust(new double[] { 0.01, 0.04, 0.03, 0.005 }))
            .containsExactly(new double[] { 0.03, 0.06, 0.06, 0.02 }, within(1e-12));
        assertThat(HolmAdjustment.adjust(new double[] { 0.02 })).containsExactly(0.02);
        assertThat(HolmAdjustment.adjust(new double[] { 0.9, 0.8 })).containsExactly(1, 1);
        assertThat(HolmAdjustment.adjust(new double[0])).isEmpty();
    }

    @Test
    void sharesThatMissTheirUnitsAreAMismatch() {
        assertThat(SampleRatio.of(new long[] { 905, 95 }, new double[] { 0.9, 0.1 }).mismatch()).isFalse();
        assertThat(SampleRatio.of(new long[] { 850, 150 }, new double[] { 0.9, 0.1 }).mismatch()).isTrue();
        assertThat(SampleRatio.of(new long[] { 900, 0 }, new double[] { 0.9, 0.1 }).mismatch()).isTrue();
        assertThat(SampleRatio.of(new long[] { 340, 330, 330 }, new double[] { 0.333, 0.333, 0.333 }).pValue())
            .isGreaterThan(0.5);
    }

    @Test
    void sharesThatAreRightAreSeldomTakenForAMismatchAtAnyOfTenThousandLooks() {
        SplittableRandom random = new SplittableRandom(8);
        int flagged = 0;
        for (int run = 0; run < 300; run++) {
            long[] observed = new long[2];
            boolean ever = false;
            for (int look = 0; look < 10_000; look++) {
                observed[(random.nextDouble() < 0.9) ? 0 : 1]++;
                ever |= SampleRatio.of(observed, new double[] { 0.9, 0.1 }).mismatch();
            }
            flagged += ever ? 1 : 0;
        }

        assertThat(flagged).isLessThanOrEqualTo(2);
    }

    @Test
    void withFewUnitsTheSampleRatioIsNotTested() {
        assertThat(SampleRatio.of(new long[] { 40, 9 }, new double[] { 0.9, 0.1 }).pValue()).isNull();
        assertThat(SampleRatio.of(new long[] { 0, 0 }, new double[] { 0.9, 0.1 }).pValue()).isNull();
        assertThat(SampleRatio.of(new long[] { 1000 }, new double[] { 1 }).pValue()).isNull();
    }

}
