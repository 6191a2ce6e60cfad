package io.modelserver.experiment.assign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

import io.modelserver.experiment.assign.TradingMarket.Course;
import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.evidence.Observation;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.Method;
import io.modelserver.experiment.statistics.SignificanceLevels;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.experiment.verdict.Comparer;
import io.modelserver.experiment.verdict.Comparison;
import io.modelserver.experiment.verdict.Contest;
import io.modelserver.experiment.verdict.Difference;
import io.modelserver.experiment.verdict.Finding;
import io.modelserver.signal.Direction;

/**
 * An experiment between the two models of a market, with a look every minute: by the
 * classes that the server judges with.
 */
final class SimulatedExperiment {

    private static final long MINUTE_MILLIS = 60_000;

    private static final double CLOSEST = Math.sqrt(-2 * Math.log(SignificanceLevels.INTERIM));

    private final Course course;

    private final Sharing sharing;

    private final Evidence evidence;

    private final String[] symbols;

    private final boolean[] treated;

    private final Contest contest;

    private SimulatedExperiment(Course course, Sharing sharing, double share, String id) {
        this.course = course;
        this.sharing = sharing;
        Experiment experiment = experiment(course.market, sharing, share, id);
        this.evidence = new Evidence(experiment, AnalysisSettings.defaults());
        this.symbols = new String[course.market.symbols()];
        this.treated = new boolean[symbols.length];
        TrafficSplit split = new TrafficSplit(experiment);
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = "S" + i;
            treated[i] = !split.assign(symbols[i]).equals(experiment.control());
        }
        this.contest = Comparer.contests(evidence).getFirst();
    }

    private static Experiment experiment(TradingMarket market, Sharing sharing, double share, String id) {
        List<Variant> variants = (sharing == Sharing.PAIRED)
                ? List.of(Variant.serving("control", Samples.model("a"), 1),
                        Variant.shadow("other", Samples.model("b")))
                : List.of(Variant.serving("control", Samples.model("a"), 1 - share),
                        Variant.serving("other", Samples.model("b"), share));
        return new Experiment(id, variants, (sharing == Sharing.BY_SYMBOL) ? AssignBy.SYMBOL : AssignBy.REQUEST,
                Samples.START, Duration.ofMinutes(market.minutes()), Experiment.DEFAULT_MIN_SAMPLES, OnVerdict.REPORT,
                Guardrails.none(), new Status.Running(), Duration.ofMinutes(market.horizon()), null);
    }

    /**
     * Runs an experiment until its first verdict or its final look.
     * @param course what happens in the market
     * @param sharing how requests are shared
     * @param share of the second model
     * @param step minutes between two looks
     * @param random for the assignment of requests
     * @param id for the assignment of symbols
     * @return what it came to
     */
    static Ending run(Course course, Sharing sharing, double share, int step, SplittableRandom random, String id) {
        return new SimulatedExperiment(course, sharing, share, id).run(step, random);
    }

    private Ending run(int step, SplittableRandom random) {
        TradingMarket market = course.market;
        long start = Samples.START.toEpochMilli();
        for (int minute = 0; minute < market.minutes(); minute++) {
            for (int symbol = minute % market.every(); symbol < market.symbols(); symbol += market.every()) {
                request(symbol, minute, start + minute * MINUTE_MILLIS, random);
            }
            Instant now = Instant.ofEpochMilli(start + (minute + 1) * MINUTE_MILLIS);
            if (minute % step == step - 1 && mayDecide()) {
                double difference = found(Analyst.analyseBeforeFinalLook(evidence, now));
                if (difference != 0) {
                    return new Ending(minute + 1, true, difference);
                }
            }
        }
        evidence.nextPass();
        Instant after = Instant.ofEpochMilli(start + (market.minutes() + market.horizon()) * MINUTE_MILLIS);
        Analysis analysis = Analyst.analyse(evidence, after);
        if (analysis.method() != Method.WELCH_TEST) {
            throw new IllegalStateException("the last look is not the final one: " + analysis.timing());
        }
        return new Ending(market.minutes(), !analysis.comparisons().getFirst().isWithheld(), found(analysis));
    }

    /** A shadow that is worse is found as well, though nothing is recommended. */
    private static double found(Analysis analysis) {
        Comparison comparison = analysis.comparisons().getFirst();
        Difference difference = comparison.avgReturn();
        boolean decided = comparison.finding() instanceof Finding.Better
                || comparison.finding() instanceof Finding.Worse;
        return (decided && difference != null) ? difference.difference() : 0;
    }

    private void request(int symbol, int minute, long eventMillis, SplittableRandom random) {
        String unit = (sharing == Sharing.BY_SYMBOL) ? symbols[symbol] : symbols[symbol] + '-' + minute;
        Observation.Result result = new Observation.Result(course.returns[symbol][minute], 0, null);
        switch (sharing) {
            case PAIRED -> {
                Observation control = observation(unit, symbol, eventMillis, course.control[symbol][minute], result);
                Observation other = observation(unit, symbol, eventMillis, course.other[symbol][minute], result);
                evidence.add("control", control);
                evidence.add("other", other);
                evidence.addPair("other", control, other);
            }
            case BY_SYMBOL -> add(treated[symbol], unit, symbol, minute, eventMillis, result);
            case BY_REQUEST -> add(random.nextDouble() < evidence.experiment().variants().get(1).traffic(), unit,
                    symbol, minute, eventMillis, result);
        }
    }

    private void add(boolean toOther, String unit, int symbol, int minute, long eventMillis,
            Observation.Result result) {
        byte stake = (toOther ? course.other : course.control)[symbol][minute];
        evidence.add(toOther ? "other" : "control", observation(unit, symbol, eventMillis, stake, result));
    }

    private Observation observation(String unit, int symbol, long eventMillis, byte stake, Observation.Result result) {
        Direction direction = (stake > 0) ? Direction.BUY : (stake < 0) ? Direction.SELL : Direction.HOLD;
        return new Observation(unit, symbols[symbol], eventMillis, direction, 0.8, 1_000_000, false, result);
    }

    /**
     * The whole analysis is only asked where it may find something: the bound is nowhere
     * closer than √(−2 ln α) standard errors.
     */
    private boolean mayDecide() {
        Contest.Tested tested = contest.test(Figure.NET);
        return tested != null && Math.abs(tested.test().difference()) >= CLOSEST * tested.test().standardError()
                && contest.obstacle(Evidence.LEAST_OUTCOMES, Comparer.LEAST_UNITS).isEmpty();
    }

    /** How requests are shared between the models. */
    enum Sharing {

        BY_SYMBOL, BY_REQUEST, PAIRED

    }

    /**
     * What an experiment came to.
     *
     * @param minutes how long it took
     * @param judged whether there was enough to judge it by
     * @param difference that was found, 0 if none
     */
    record Ending(int minutes, boolean judged, double difference) {

        boolean isVerdict() {
            return difference != 0;
        }

    }

}
