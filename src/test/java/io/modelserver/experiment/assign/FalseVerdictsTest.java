package io.modelserver.experiment.assign;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether verdicts are as seldom false and as often right as is promised. The short ones
 * run with every build; the long ones with {@code -Psimulations}, which prints a table.
 */
class FalseVerdictsTest {

    private static final int EXPERIMENTS = 400;

    private static final double MINUTES_PER_DAY = 1_440;

    /** Both advise the same on 75 % of requests. */
    private static final TradingMarket EDGE = TradingMarket.of(0.5, 0.5, 0.9).withSymbols(10).withEdge(0.0002);

    /** Where signals of a unit come together, a look goes over all units. */
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

        assertThat(rates.early() + rates.atTheEnd()).isGreaterThan(0.75 - 0.07);
    }

    @Test
    void aDifferenceIsFoundBeforeTheEndAsOftenAsPromised() {
        Rates rates = rates(new Market(Market.Noise.NORMAL, 0.5, 0, 0, false, 2 * 882, 0.2), 200, 20);

        assertThat(rates.early()).isGreaterThan(0.7 - 0.08);
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
            assertThat(rates.early() + rates.atTheEnd()).isGreaterThan(0.75 - 3 * Math.sqrt(0.75 * 0.25 / 2000));
        }
    }

    @ParameterizedTest
    @EnumSource(names = { "UNRELATED", "OPPOSED", "HOUR_AHEAD_IN_STEP" })
    void aMarketThatMovesAllSymbolsAtOnceSeldomGivesAFalseVerdict(Scenario scenario) {
        assertThat(rates(scenario.market.withSymbols(24), scenario.share, 40, 30))
            .allSatisfy((sharing, rates) -> assertThat(rates.verdicts()).isLessThan(most(40)));
    }

    @Test
    void aVariantThatHasNotMetItsFirstLargeLossIsSeldomPromoted() {
        Scenario scenario = Scenario.LOSSES_OF_ONE_IN_FIVE_HUNDRED;

        assertThat(rates(scenario.market, scenario.share, 40, 10))
            .allSatisfy((sharing, rates) -> assertThat(rates.verdicts()).isLessThan(most(40)));
    }

    @Test
    void aShadowWithAnEdgeIsFoundWithinThreeDays() {
        Map<SimulatedExperiment.Sharing, MarketRates> rates = rates(EDGE, 0.5, 20, 30);

        assertThat(rates).hasEntrySatisfying(SimulatedExperiment.Sharing.PAIRED,
                (paired) -> assertThat(paired.right()).isGreaterThan(0.8 - 3 * Math.sqrt(0.8 * 0.2 / 20)));
    }

    @ParameterizedTest
    @EnumSource
    @EnabledIfSystemProperty(named = "simulations", matches = "true")
    void fourHundredExperimentsInEachMarketWithALookEveryMinute(Scenario scenario) {
        Map<SimulatedExperiment.Sharing, MarketRates> rates = rates(scenario.market, scenario.share, EXPERIMENTS, 1);

        System.out.printf("| %s | %s |%n", scenario.title,
                rates.values().stream().map(MarketRates::falseVerdicts).collect(Collectors.joining(" | ")));
        assertThat(rates)
            .allSatisfy((sharing, ofSharing) -> assertThat(ofSharing.verdicts()).isLessThan(most(EXPERIMENTS)));
    }

    @ParameterizedTest
    @ValueSource(doubles = { 0.0002, 0.0001 })
    @EnabledIfSystemProperty(named = "simulations", matches = "true")
    void daysToAVerdictWhereTheSecondModelHasAnEdge(double edge) {
        Map<SimulatedExperiment.Sharing, MarketRates> rates = rates(EDGE.withEdge(edge), 0.5, EXPERIMENTS, 1);

        System.out.printf(Locale.ROOT, "| %.2f %% | %s |%n", 100 * edge,
                rates.values().stream().map(MarketRates::found).collect(Collectors.joining(" | ")));
        assertThat(rates).hasEntrySatisfying(SimulatedExperiment.Sharing.PAIRED,
                (paired) -> assertThat(paired.right()).isGreaterThan((edge >= 0.0002) ? 0.8 : 0.5));
    }

    /** All ways of sharing see the same markets. */
    private static Map<SimulatedExperiment.Sharing, MarketRates> rates(TradingMarket market, double share,
            int experiments, int step) {
        SplittableRandom seeds = new SplittableRandom(20260103);
        SplittableRandom[] randoms = IntStream.range(0, experiments)
            .mapToObj((i) -> seeds.split())
            .toArray(SplittableRandom[]::new);
        List<Map<SimulatedExperiment.Sharing, SimulatedExperiment.Ending>> endings = IntStream.range(0, experiments)
            .parallel()
            .mapToObj((i) -> endings(market, share, step, randoms[i], "e" + i))
            .toList();
        Map<SimulatedExperiment.Sharing, MarketRates> rates = new EnumMap<>(SimulatedExperiment.Sharing.class);
        for (SimulatedExperiment.Sharing sharing : SimulatedExperiment.Sharing.values()) {
            rates.put(sharing, MarketRates.of(endings.stream().map((ending) -> ending.get(sharing)).toList()));
        }
        return rates;
    }

    private static Map<SimulatedExperiment.Sharing, SimulatedExperiment.Ending> endings(TradingMarket market,
            double share, int step, SplittableRandom random, String id) {
        TradingMarket.Course course = market.draw(random);
        Map<SimulatedExperiment.Sharing, SimulatedExperiment.Ending> endings = new EnumMap<>(
                SimulatedExperiment.Sharing.class);
        for (SimulatedExperiment.Sharing sharing : SimulatedExperiment.Sharing.values()) {
            endings.put(sharing, SimulatedExperiment.run(course, sharing, share, step, random, id));
        }
        return endings;
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

    /**
     * What experiments in a market came to.
     *
     * @param verdicts share that came to a verdict
     * @param right share that found the second model to be better
     * @param judged whether any was judged
     * @param medianMinutes until the verdict, or the end without one
     */
    private record MarketRates(double verdicts, double right, boolean judged, int medianMinutes) {

        static MarketRates of(List<SimulatedExperiment.Ending> endings) {
            double all = endings.size();
            return new MarketRates(endings.stream().filter(SimulatedExperiment.Ending::isVerdict).count() / all,
                    endings.stream().filter((ending) -> ending.difference() > 0).count() / all,
                    endings.stream().anyMatch(SimulatedExperiment.Ending::judged),
                    endings.stream()
                        .mapToInt(SimulatedExperiment.Ending::minutes)
                        .sorted()
                        .skip(endings.size() / 2)
                        .findFirst()
                        .orElseThrow());
        }

        String falseVerdicts() {
            return judged ? String.format(Locale.ROOT, "%.1f %%", 100 * verdicts) : "never judged";
        }

        String found() {
            return !judged ? "never judged"
                    : (right > 0.5)
                            ? String.format(Locale.ROOT, "%.0f %%, half within %.2f days", 100 * right,
                                    medianMinutes / MINUTES_PER_DAY)
                            : String.format(Locale.ROOT, "%.0f %% within %d days", 100 * right, TradingMarket.DAYS);
        }

    }

    /** The markets of the table in {@code docs/experiments.md}. */
    enum Scenario {

        INDEPENDENT("independent", TradingMarket.of(0, 0, 0.5)),

        HALF_ALIKE("ρ 0.5, a 0.5, versions half alike", TradingMarket.of(0.5, 0.5, 0.5)),

        UNRELATED("ρ 0.7, a 0.8, unrelated", TradingMarket.of(0.7, 0.8, 0)),

        OPPOSED("control always BUY, treatment always SELL, ρ 0.5", TradingMarket.of(0.5, 0.5, 0.5).opposite()),

        HOUR_AHEAD("hour-ahead returns, ρ 0, a 0", TradingMarket.of(0, 0, 0.5).hourAhead()),

        HOUR_AHEAD_IN_STEP("hour-ahead returns, ρ 0.5, a 0.5", TradingMarket.of(0.5, 0.5, 0.5).hourAhead()),

        FEW_SYMBOLS("5 symbols, ρ 0.5, a 0.5", TradingMarket.of(0.5, 0.5, 0.5).withSymbols(5)),

        LOSSES_OF_ONE_IN_FIFTY("98 % win 0.1 %, 2 % lose 4.9 %; 0.9 ∕ 0.1",
                TradingMarket.of(0, 0, 0).withSymbols(150).rarelyLosing(0.02), 0.1),

        LOSSES_OF_ONE_IN_FIVE_HUNDRED("0.2 % lose 49.9 %; 0.9 ∕ 0.1",
                TradingMarket.of(0, 0, 0).withSymbols(150).rarelyLosing(0.002), 0.1);

        private final String title;

        /** A record of numbers. */
        @SuppressWarnings("ImmutableEnumChecker")
        private final TradingMarket market;

        private final double share;

        Scenario(String title, TradingMarket market) {
            this(title, market, 0.5);
        }

        Scenario(String title, TradingMarket market, double share) {
            this.title = title;
            this.market = market;
            this.share = share;
        }

    }

}
