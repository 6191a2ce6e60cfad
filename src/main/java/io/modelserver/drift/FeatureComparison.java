package io.modelserver.drift;

import org.jspecify.annotations.Nullable;

/**
 * Compares one feature with its training, by three measures that see different things:
 * the population stability index ({@link Bins#stabilityIndex}); the shift of the mean in
 * standard deviations of training, which is Cohen's d; and the share of values that are
 * farther outside training's range than that is wide. The limits of the first two are
 * those of the feature's window; the third has the same for all, since it holds for
 * features that wander and for windows that are not full. So it does for the share of
 * samples without a value, as far as it exceeds that of training.
 */
final class FeatureComparison {

    private static final Limits OUTSIDE = new Limits(0.05, 0.5);

    /** Training may have seen one value only, or nearly. */
    private static final double LIMIT = 1000;

    private final FeatureBaseline training;

    private final FeatureCounts live;

    private FeatureComparison(FeatureBaseline training, FeatureCounts live) {
        this.training = training;
        this.live = live;
    }

    /**
     * Compares.
     * @param training what the model saw
     * @param live at least one sample
     * @param windowNanos over how much time samples were taken
     * @param covered the share of that time of which there are samples
     * @param minSamples as many are needed, where the feature's window needs no fewer
     * @return what can be said
     */
    static FeatureDrift compare(FeatureBaseline training, FeatureCounts live, long windowNanos, double covered,
            int minSamples) {
        FeatureWindow window = training.window();
        boolean enough = live.samples() >= window.enough(minSamples);
        boolean full = live.count() >= window.enough(minSamples)
                && (window.basis() != Basis.BLOCKS || covered >= SlidingWindow.FULL);
        return new FeatureComparison(training, live).drift(enough, full, windowNanos, covered);
    }

    private FeatureDrift drift(boolean enough, boolean full, long windowNanos, double covered) {
        double psi = live.stabilityIndex();
        double shift = shift();
        double outside = live.outsideShare();
        double lacking = Double.isNaN(training.missing()) ? 0 : Math.max(0, live.missingShare() - training.missing());
        // One other value among many does not shift what was constant: their number
        // counts.
        FeatureWindow window = training.window();
        Limits psiLimits = training.constant() ? null : window.psi();
        Limits shiftLimits = training.constant() ? null : window.meanShift();
        DriftVerdict verdict = worse(OUTSIDE.verdict(outside), OUTSIDE.verdict(lacking));
        if (full) {
            verdict = worse(verdict, worse(verdict(psiLimits, psi), verdict(shiftLimits, Math.abs(shift))));
        }
        if (!enough || (!full && verdict != DriftVerdict.DRIFTED)) {
            verdict = DriftVerdict.TOO_FEW_SAMPLES;
        }
        double distance = Math.max(Math.max(outside, lacking) / OUTSIDE.drifted(),
                Math.max(distance(psiLimits, psi), distance(shiftLimits, Math.abs(shift))));
        return new FeatureDrift(training.name(), verdict, psi, shift, live.mean(), training.mean(),
                live.missingShare() + (training.neverZero() ? live.zeroShare() : 0),
                live.isConstant() && !training.constant(), outside, distance, window, windowNanos, covered);
    }

    private double shift() {
        if (live.count() == 0) {
            return 0;
        }
        double difference = training.difference(live.mean());
        if (difference == 0) {
            return 0;
        }
        boolean spread = training.std() > 0 && !training.constant();
        return spread ? Math.clamp(difference / training.std(), -LIMIT, LIMIT) : Math.copySign(LIMIT, difference);
    }

    private static DriftVerdict verdict(@Nullable Limits limits, double measured) {
        return (limits != null) ? limits.verdict(measured) : DriftVerdict.STABLE;
    }

    private static double distance(@Nullable Limits limits, double measured) {
        return (limits != null) ? measured / limits.drifted() : 0;
    }

    private static DriftVerdict worse(DriftVerdict one, DriftVerdict other) {
        return (one.compareTo(other) >= 0) ? one : other;
    }

}
