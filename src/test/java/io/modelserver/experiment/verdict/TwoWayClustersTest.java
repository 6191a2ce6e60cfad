package io.modelserver.experiment.verdict;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

import io.modelserver.experiment.assign.AssignBy;
import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.assign.Guardrails;
import io.modelserver.experiment.assign.OnVerdict;
import io.modelserver.experiment.assign.Samples;
import io.modelserver.experiment.assign.Status;
import io.modelserver.experiment.assign.Variant;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.signal.Direction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The variance clustered both ways against the formula written out. */
class TwoWayClustersTest {

    private static final int SYMBOLS = 24;

    private static final int HOURS = 30;

    private static final int EVERY_MINUTES = 10;

    private final Random random = new Random(3);

    @ParameterizedTest
    @EnumSource(names = { "SYMBOL", "REQUEST" })
    void theVarianceIsThatOfUnitsAndOfBlocksLessWhatTheyHaveInCommon(AssignBy assignBy) {
        List<Trade> trades = trades(assignBy);
        Evidence evidence = evidence(assignBy, trades);

        Contest.Tested tested = Comparer.contests(evidence).getFirst().test(Figure.NET);

        assertThat(tested).isNotNull();
        double[] expected = formula(trades);
        assertThat(tested.test().difference()).isCloseTo(expected[0], within(1e-14));
        assertThat(tested.test().standardError()).isCloseTo(Math.sqrt(expected[1]), within(1e-12));
        assertThat(tested.test().degreesOfFreedom()).isLessThan(HOURS);
    }

    @Test
    void theOrderOfRequestsDoesNotMatterWhereEachIsAUnit() {
        List<Trade> trades = trades(AssignBy.REQUEST);
        Contest.Tested inOrder = Comparer.contests(evidence(AssignBy.REQUEST, trades)).getFirst().test(Figure.NET);
        List<Trade> mixed = new ArrayList<>(trades);
        Collections.shuffle(mixed, random);
        Contest.Tested inDisorder = Comparer.contests(evidence(AssignBy.REQUEST, mixed)).getFirst().test(Figure.NET);

        assertThat(inOrder).isNotNull();
        assertThat(inDisorder).isNotNull();
        assertThat(inDisorder.test().standardError()).isCloseTo(inOrder.test().standardError(), within(1e-12));
    }

    @Test
    void whatAnHourDoesToAllSymbolsDoesNotMakeAVerdict() {
        Evidence evidence = new Evidence(experiment(AssignBy.REQUEST), AnalysisSettings.defaults());
        for (int minute = 0; minute < HOURS * 60; minute++) {
            long time = Samples.EVENT_MILLIS + minute * 60_000L;
            double market = (minute % 60 < 30) ? 0.002 : 0.001;
            for (int symbol = 0; symbol < 10; symbol++) {
                double actualReturn = ((minute / 60 % 3 == 0) ? 3 : -1) * market + 0.001 * random.nextGaussian();
                boolean treated = random.nextBoolean();
                evidence.add(treated ? "treatment" : "control", Samples.signal("r" + minute + '-' + symbol, time,
                        treated ? Direction.SELL : Direction.BUY, Samples.result(actualReturn)));
            }
        }

        Comparison comparison = Analyst.analyse(evidence, Samples.FINAL_LOOK).comparisons().getFirst();

        assertThat(comparison.timeBlocks()).isBetween((long) HOURS, HOURS + 1L);
        assertThat(comparison.finding()).isInstanceOf(Finding.Unclear.class);
    }

    private List<Trade> trades(AssignBy assignBy) {
        List<Trade> trades = new ArrayList<>();
        double[] ofSymbol = random.doubles(SYMBOLS, -0.002, 0.002).toArray();
        for (int minute = 0; minute < HOURS * 60; minute += EVERY_MINUTES) {
            double market = 0.003 * random.nextGaussian();
            for (int symbol = 0; symbol < SYMBOLS; symbol++) {
                boolean treated = (assignBy == AssignBy.SYMBOL) ? symbol % 2 == 1 : random.nextBoolean();
                if (random.nextInt(3) > 0) {
                    String unit = (assignBy == AssignBy.SYMBOL) ? "S" + symbol : "r" + symbol + '-' + minute;
                    trades.add(new Trade(unit, minute, treated,
                            ofSymbol[symbol] + (treated ? 1.5 : 0.5) * market + 0.001 * random.nextGaussian()));
                }
            }
        }
        return trades;
    }

    private static Evidence evidence(AssignBy assignBy, List<Trade> trades) {
        Evidence evidence = new Evidence(experiment(assignBy), AnalysisSettings.defaults());
        for (Trade trade : trades) {
            evidence.add(trade.treated ? "treatment" : "control",
                    Samples.signal(trade.unit, trade.eventMillis(), Direction.BUY, Samples.result(trade.score)));
        }
        return evidence;
    }

    private static Experiment experiment(AssignBy assignBy) {
        return new Experiment("e",
                List.of(Variant.serving("control", Samples.model("a"), 0.5),
                        Variant.serving("treatment", Samples.model("b"), 0.5)),
                assignBy, Samples.START, Duration.ofHours(HOURS), 100, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), Samples.HORIZON, null);
    }

    /** Difference and variance, as Cameron, Gelbach and Miller have them. */
    private static double[] formula(List<Trade> trades) {
        double[] mean = new double[2];
        double[] count = new double[2];
        for (Trade trade : trades) {
            mean[trade.side()] += trade.score;
            count[trade.side()]++;
        }
        mean[0] /= count[0];
        mean[1] /= count[1];
        double[] ofUnits = new double[2];
        for (int side = 0; side < 2; side++) {
            int now = side;
            List<Double> sums = sums(trades.stream().filter((trade) -> trade.side() == now).toList(), mean, count,
                    Trade::unit);
            ofUnits[side] = sums.size() / (sums.size() - 1.0) * squares(sums);
        }
        List<Double> blocks = sums(trades, mean, count, (trade) -> "" + trade.hour());
        double ofBlocks = blocks.size() / (blocks.size() - 1.0) * squares(blocks);
        double inCommon = squares(sums(trades, mean, count, (trade) -> trade.unit + ' ' + trade.hour()));
        double units = ofUnits[0] + ofUnits[1];
        double variance = Math.max(units + ofBlocks - inCommon, Math.max(units, ofBlocks));
        double[] single = new double[2];
        for (Trade trade : trades) {
            single[trade.side()] += Math.pow(trade.score - mean[trade.side()], 2) / (count[trade.side()] - 1);
        }
        double pooled = ((count[0] - 1) * single[0] + (count[1] - 1) * single[1]) / (count[0] + count[1] - 2);
        double floor = pooled * (1 / count[0] + 1 / count[1]) / (single[0] / count[0] + single[1] / count[1]);
        return new double[] { mean[1] - mean[0], variance * Math.max(1, floor) };
    }

    private static List<Double> sums(List<Trade> trades, double[] mean, double[] count,
            Function<Trade, String> cluster) {
        var sums = new HashMap<String, Double>();
        for (Trade trade : trades) {
            double error = (trade.treated ? 1 : -1) * (trade.score - mean[trade.side()]) / count[trade.side()];
            sums.merge(cluster.apply(trade), error, Double::sum);
        }
        return List.copyOf(sums.values());
    }

    private static double squares(List<Double> sums) {
        return sums.stream().mapToDouble((sum) -> sum * sum).sum();
    }

    private record Trade(String unit, int minute, boolean treated, double score) {

        int side() {
            return treated ? 1 : 0;
        }

        long eventMillis() {
            return Samples.EVENT_MILLIS + minute * 60_000L;
        }

        long hour() {
            return Math.floorDiv(eventMillis(), 3_600_000L);
        }

    }

}
