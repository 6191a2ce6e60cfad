package io.modelserver.experiment.verdict;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import io.modelserver.experiment.assign.Experiment;
import io.modelserver.experiment.evidence.Evidence;
import io.modelserver.experiment.statistics.Figure;
import io.modelserver.experiment.statistics.HolmAdjustment;
import io.modelserver.experiment.statistics.Method;
import io.modelserver.experiment.statistics.NormalMixture;
import io.modelserver.experiment.statistics.Quotient;
import io.modelserver.experiment.statistics.SignificanceLevels;
import io.modelserver.experiment.statistics.WelchComparison;
import org.jspecify.annotations.Nullable;

/** Compares every treatment and every shadow of an experiment with control. */
public final class Comparer {

    /**
     * Below this many effective units, or blocks of time, the t-distribution is not to be
     * trusted.
     */
    public static final int LEAST_UNITS = 10;

    /** The bound is closest where there is so much more than the least information. */
    private static final double EXPECTED_GROWTH = 5;

    private final Method method;

    private final long leastOutcomes;

    private final NormalMixture mixture;

    Comparer(Experiment experiment, Method method) {
        this.method = method;
        this.leastOutcomes = leastOutcomes(experiment);
        this.mixture = NormalMixture.closestAt(EXPECTED_GROWTH * leastOutcomes, SignificanceLevels.INTERIM);
    }

    static long leastOutcomes(Experiment experiment) {
        return Math.max(Evidence.LEAST_OUTCOMES, experiment.minSamples());
    }

    /**
     * {@return the treatments and the shadows, in their order}
     * @param evidence of the experiment
     */
    public static List<Contest> contests(Evidence evidence) {
        return evidence.experiment()
            .variants()
            .stream()
            .skip(1)
            .<Contest>map((variant) -> variant.shadow() ? new PairedContest(evidence, variant)
                    : new SplitContest(evidence, variant))
            .toList();
    }

    List<Comparison> compare(Evidence evidence, Validity validity) {
        List<Contest> contests = contests(evidence);
        List<@Nullable Difference> net = differences(contests, (contest) -> contest.test(Figure.NET));
        List<@Nullable Difference> gross = differences(contests, (contest) -> contest.test(Figure.GROSS));
        List<@Nullable Difference> hedged = differences(contests, Contest::hedged);
        List<@Nullable Difference> accuracy = differences(contests, (contest) -> contest.test(Figure.HIT));
        List<Comparison> comparisons = new ArrayList<>();
        for (int i = 0; i < contests.size(); i++) {
            Contest contest = contests.get(i);
            comparisons.add(new Comparison(contest.variant().name(), contest.design(), net.get(i), gross.get(i),
                    hedged.get(i), accuracy.get(i), contest.agreementRate(), contest.timeBlocks(),
                    finding(contest, validity, net.get(i))));
        }
        return comparisons;
    }

    private List<@Nullable Difference> differences(List<Contest> contests,
            Function<Contest, Contest.@Nullable Tested> figure) {
        List<Contest.@Nullable Tested> tests = new ArrayList<>();
        double[] pValues = new double[contests.size()];
        for (int i = 0; i < pValues.length; i++) {
            Contest.Tested tested = figure.apply(contests.get(i));
            tests.add(tested);
            pValues[i] = (tested != null) ? pValue(tested.test()) : 1;
        }
        double[] adjusted = HolmAdjustment.adjust(pValues);
        List<@Nullable Difference> differences = new ArrayList<>();
        for (int i = 0; i < pValues.length; i++) {
            Contest.Tested tested = tests.get(i);
            differences.add((tested != null)
                    ? difference(tested, pValues[i], adjusted[i], pValues.length, method.of(contests.get(i).design()))
                    : null);
        }
        return differences;
    }

    private Difference difference(Contest.Tested tested, double pValue, double adjusted, int comparisons,
            Method ofDesign) {
        WelchComparison test = tested.test();
        double alpha = method.alpha() / comparisons;
        double halfWidth = switch (method) {
            case CONFIDENCE_SEQUENCE -> test.halfWidth(mixture.bound(test.information(), alpha));
            case WELCH_TEST, ONE_SAMPLE_TEST -> test.halfWidthOfOneLook(alpha);
        };
        return new Difference(tested.control(), tested.treatment(), test.difference(),
                Quotient.of(test.difference(), Math.abs(tested.control())), pValue, adjusted,
                Quotient.finite(test.difference() - halfWidth), Quotient.finite(test.difference() + halfWidth),
                1 - method.alpha(), ofDesign);
    }

    private double pValue(WelchComparison test) {
        return switch (method) {
            case CONFIDENCE_SEQUENCE -> mixture.pValue(test.normalDeviate(), test.information());
            case WELCH_TEST, ONE_SAMPLE_TEST -> test.pValue();
        };
    }

    private Finding finding(Contest contest, Validity validity, @Nullable Difference difference) {
        String variant = contest.variant().name();
        Optional<String> obstacle = validity.obstacle(contest).or(() -> contest.obstacle(leastOutcomes, LEAST_UNITS));
        if (obstacle.isPresent()) {
            return new Finding.Withheld(obstacle.get());
        }
        if (difference == null) {
            return new Finding.Withheld("the returns of %s and control do not vary".formatted(variant));
        }
        if (!difference.isSignificant()) {
            return new Finding.Unclear();
        }
        return (difference.difference() > 0) ? new Finding.Better() : new Finding.Worse();
    }

}
