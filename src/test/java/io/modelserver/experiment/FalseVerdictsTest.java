package io.modelserver.experiment;

import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether verdicts are as seldom false and as often right as is promised. The short ones
 * run with every build; the long ones with {@code -Psimulations}, which prints a table.
 */
class FalseVerdictsTest {

    /** Where signals of a unit come together, all is summed anew at every look. */
    private static final int CLUSTERED_STEP = 10;

    @ParameterizedTest
    @EnumSource
    void independentSignalsSeldomGiveAFalseVerdict(Market.Noise noise) {
        Rates rates = rates(new Market(noise, 0.5, 0, 0, false, 700, 0), 200, 1);

        assertThat(rates.early() + rates.atTheEnd()).isLessThan(most(200));
    }

    @ParameterizedTest
    @CsvSource({ "0.5, 40, false", "0.1, 150, true" })
    void correlatedSignalsOfFewUnitsSeldomGiveAFalseVerdict(double share, int units, boolean coming) {
        Rates rates = rates(new Market(Market.Noise.STUDENT_4, share, units, 0.3, coming, 1500, 0), 100, 50);

        assertThat(rates.early() + rates.atTheEnd()).isLessThan(most(100));
    }

    @Test
    void aDifferenceIsFoundAtTheEndAsOftenAsPromised() {
        Rates rates = rates(new Market(Market.Noise.NORMAL, 0.5, 0, 0, false, 2 * 512, 0.2), 300, 20);

        assertThat(rates.early() + rates.atTheEnd()).isGreaterThan(0.8 - 0.07);
    }

    @Test
    void aDifferenceIsFoundBeforeTheEndAsOftenAsPromised() {
        Rates rates = rates(new Market(Market.Noise.NORMAL, 0.5, 0, 0, false, 2 * 882, 0.2), 200, 20);

        assertThat(rates.early()).isGreaterThan(0.8 - 0.08);
    }

    @ParameterizedTest(name = "{0}, treatment {1}, {2} units of correlation {3}, coming and going {4}, {5} signals, "
            + "{6} standard deviations")
    @CsvSource({ "NORMAL,0.5,0,0,false,2000,0", "NORMAL,0.1,0,0,false,3000,0", "STUDENT_4,0.5,0,0,false,2000,0",
            "STUDENT_4,0.1,0,0,false,3000,0", "SKEWED,0.5,0,0,false,2000,0", "SKEWED,0.1,0,0,false,3000,0",
            "NORMAL,0.5,24,0.3,false,1000,0", "STUDENT_4,0.5,24,0.3,false,1000,0", "NORMAL,0.5,40,0.3,false,1000,0",
            "NORMAL,0.5,40,0.3,true,1000,0", "STUDENT_4,0.5,40,0.3,true,1000,0", "SKEWED,0.5,40,0.3,false,1000,0",
            "NORMAL,0.1,150,0.3,false,1500,0", "STUDENT_4,0.1,150,0.3,true,1500,0", "SKEWED,0.1,150,0.3,false,1500,0",
            "NORMAL,0.5,200,0.1,true,1000,0", "NORMAL,0.5,0,0,false,1024,0.2", "NORMAL,0.5,0,0,false,1764,0.2",
            "STUDENT_4,0.5,0,0,false,1024,0.2", "SKEWED,0.5,0,0,false,1024,0.2", "NORMAL,0.1,0,0,false,2844,0.2",
            "NORMAL,0.5,0,0,false,455,0.3", "NORMAL,0.5,100,0.1,false,2000,0.3" })
    @EnabledIfSystemProperty(named = "simulations", matches = "true")
    void twoThousandExperimentsWithManyLooks(Market.Noise noise, double share, int units, double correlation,
            boolean coming, int signals, double effect) {
        Market market = new Market(noise, share, units, correlation, coming, signals, effect);

        int step = (units == 0) ? 1 : CLUSTERED_STEP;
        Rates rates = rates(market, 2000, step);

        System.out.printf(Locale.ROOT,
                "%-9s | looks every %2d | treatment %.1f | %3d units, correlation %.1f%-18s | %4d signals | difference %.1f | "
                        + "verdicts before the end %5.2f %%, at the end %5.2f %%, together %5.2f %%%n",
                noise, step, share, units, correlation, coming ? ", coming and going" : "", signals, effect,
                100 * rates.early(), 100 * rates.atTheEnd(), 100 * (rates.early() + rates.atTheEnd()));
        if (effect == 0) {
            assertThat(rates.early() + rates.atTheEnd()).isLessThan(most(2000));
        }
        else {
            assertThat(rates.early() + rates.atTheEnd()).isGreaterThan(0.8 - 3 * Math.sqrt(0.8 * 0.2 / 2000));
        }
    }

    /** Five percent, and three standard errors of as many experiments. */
    private static double most(int experiments) {
        return 0.05 + 3 * Math.sqrt(0.05 * 0.95 / experiments);
    }

    private static Rates rates(Market market, int experiments, int step) {
        SplittableRandom seeds = new SplittableRandom(20260102);
        SplittableRandom[] randoms = IntStream.range(0, experiments)
            .mapToObj((i) -> seeds.split())
            .toArray(SplittableRandom[]::new);
        Market.Outcome[] outcomes = IntStream.range(0, experiments)
            .parallel()
            .mapToObj((i) -> market.run(randoms[i], step))
            .toArray(Market.Outcome[]::new);
        return new Rates(share(outcomes, Market.Outcome.EARLY), share(outcomes, Market.Outcome.FINAL));
    }

    private static double share(Market.Outcome[] outcomes, Market.Outcome sought) {
        return IntStream.range(0, outcomes.length).filter((i) -> outcomes[i] == sought).count()
                / (double) outcomes.length;
    }

    /** Shares of experiments that came to a verdict. */
    private record Rates(double early, double atTheEnd) {
    }

}
