package io.modelserver.experiment.assign;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

import io.modelserver.experiment.evidence.AnalysisSettings;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.SignificanceLevels;
import io.modelserver.experiment.verdict.Action;
import io.modelserver.experiment.verdict.Analysis;
import io.modelserver.experiment.verdict.Analyst;
import io.modelserver.experiment.verdict.Comparer;
import io.modelserver.experiment.verdict.Contest;
import io.modelserver.signal.Direction;

/**
 * A simulated experiment of which the truth is known: signals of standard deviation 0.01,
 * control and treatment in the given shares, spread evenly over forty blocks of time.
 *
 * @param noise how returns are distributed
 * @param share share of units that get the treatment
 * @param units how many units there are, or 0 if every signal is its own
 * @param correlation of two signals of one unit
 * @param coming whether units come and go, each for a third of the time
 * @param signals how many signals in all
 * @param effect what the treatment earns more, in standard deviations
 */
record Market(Noise noise, double share, int units, double correlation, boolean coming, int signals, double effect) {

    private static final double SCALE = 0.01;

    /** Forty blocks of time. */
    private static final Duration LENGTH = Duration.ofHours(40);

    /** What a simulated experiment came to. */
    enum Outcome {

        NOTHING, EARLY, FINAL

    }

    /** A distribution of mean 0 and variance 1. */
    enum Noise {

        NORMAL {
            @Override
            double draw(SplittableRandom random) {
                return random.nextGaussian();
            }
        },

        /** Student's t with 4 degrees of freedom: its fourth moment is infinite. */
        STUDENT_4 {
            @Override
            double draw(SplittableRandom random) {
                double chiSquare = -2 * Math.log((1 - random.nextDouble()) * (1 - random.nextDouble()));
                return random.nextGaussian() / Math.sqrt(chiSquare / 4) / Math.sqrt(2);
            }
        },

        /** Exponential: skewness 2. */
        SKEWED {
            @Override
            double draw(SplittableRandom random) {
                return -Math.log(1 - random.nextDouble()) - 1;
            }
        };

        abstract double draw(SplittableRandom random);

    }

    /**
     * Runs one experiment.
     * @param random the only source of chance
     * @param step outcomes between two looks
     * @return which look gave a verdict
     */
    Outcome run(SplittableRandom random, int step) {
        return (units == 0) ? runIndependent(random, step) : runClustered(random, step);
    }

    private Outcome runIndependent(SplittableRandom random, int step) {
        Evidence evidence = evidence(AssignBy.REQUEST);
        for (int i = 1; i <= signals; i++) {
            boolean treated = random.nextDouble() < share;
            add(evidence, i, "r" + i, treated, noise.draw(random));
            if (i % step == 0 && decidesNow(evidence)) {
                return Outcome.EARLY;
            }
        }
        return atTheEnd(evidence);
    }

    private Outcome runClustered(SplittableRandom random, int step) {
        Evidence evidence = evidence(AssignBy.SYMBOL);
        boolean[] treated = new boolean[units];
        double[] common = new double[units];
        for (int unit = 0; unit < units; unit++) {
            treated[unit] = random.nextDouble() < share;
            common[unit] = noise.draw(random) * Math.sqrt(correlation);
        }
        for (int i = 1; i <= signals; i++) {
            int unit = coming ? comingUnit(random, (double) i / signals) : random.nextInt(units);
            double own = noise.draw(random) * Math.sqrt(1 - correlation);
            add(evidence, i, "u" + unit, treated[unit], common[unit] + own);
            if (i % step == 0 && decidesNow(evidence)) {
                return Outcome.EARLY;
            }
        }
        return atTheEnd(evidence);
    }

    private int comingUnit(SplittableRandom random, double time) {
        int present = Math.max(1, units / 3);
        int first = (int) (time * (units - present));
        return first + random.nextInt(present);
    }

    private void add(Evidence evidence, int number, String unit, boolean treated, double noise) {
        long time = Samples.EVENT_MILLIS + number * LENGTH.toMillis() / signals;
        double actualReturn = SCALE * (noise + (treated ? effect : 0));
        evidence.add(treated ? "treatment" : "control",
                Samples.signal(unit, time, Direction.BUY, Samples.result(actualReturn)));
    }

    private Evidence evidence(AssignBy assignBy) {
        Experiment experiment = new Experiment("simulated",
                List.of(Variant.serving("control", Samples.model("a"), 1 - share),
                        Variant.serving("treatment", Samples.model("b"), share)),
                assignBy, Samples.START, LENGTH, Experiment.DEFAULT_MIN_SAMPLES, OnVerdict.REPORT, Guardrails.none(),
                new Status.Running(), Samples.HORIZON, null);
        return new Evidence(experiment, AnalysisSettings.defaults());
    }

    private static Outcome atTheEnd(Evidence evidence) {
        Instant end = Samples.START.plus(LENGTH).plus(Samples.HORIZON);
        return decides(Analyst.analyse(evidence, end)) ? Outcome.FINAL : Outcome.NOTHING;
    }

    /**
     * The whole analysis is only asked where it may find something: the bound is nowhere
     * closer than √(−2 ln α) standard errors.
     */
    private static boolean decidesNow(Evidence evidence) {
        Contest contest = Comparer.contests(evidence).getFirst();
        Contest.Tested tested = contest.test(Figure.NET);
        double closest = Math.sqrt(-2 * Math.log(SignificanceLevels.INTERIM));
        return tested != null && Math.abs(tested.test().difference()) >= closest * tested.test().standardError()
                && contest.obstacle(Evidence.LEAST_OUTCOMES, Comparer.LEAST_UNITS).isEmpty()
                && decides(Analyst.analyse(evidence, Samples.START.plus(LENGTH)));
    }

    private static boolean decides(Analysis analysis) {
        return analysis.recommendation().action() != Action.CONTINUE;
    }

}
