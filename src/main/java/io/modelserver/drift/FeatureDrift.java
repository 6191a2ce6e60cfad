package io.modelserver.drift;

/**
 * One feature, live against training.
 *
 * @param feature its dotted path
 * @param verdict the worst of what the measures say; {@code TOO_FEW_SAMPLES} until the
 * window is full, unless most of it is far outside training's range
 * @param psi population stability index over training's bins, 0 or more
 * @param meanShift live mean less training's, in standard deviations of training; 1000 at
 * most, and where training saw one value only
 * @param liveMean of the values in the window, 0 if there are none
 * @param trainingMean of all rows of training
 * @param missingShare share of samples without a value, and of those that are 0 though
 * training never saw a 0, which is how callers send what they do not have
 * @param constant whether all samples have one value, though training saw several
 * @param outsideShare share of samples that are farther outside training's range than
 * that is wide
 * @param distance the greatest of the measures that count, each divided by its limit:
 * more than 1 has drifted
 * @param window over which the feature is judged
 * @param windowNanos its length
 * @param covered share of the window of which there are samples, from 0 to 1
 */
public record FeatureDrift(String feature, DriftVerdict verdict, double psi, double meanShift, double liveMean,
        double trainingMean, double missingShare, boolean constant, double outsideShare, double distance,
        FeatureWindow window, long windowNanos, double covered) {

    boolean judged() {
        return verdict != DriftVerdict.TOO_FEW_SAMPLES;
    }

}
