package io.modelserver.drift;

/**
 * One feature, live against training.
 *
 * @param feature its dotted path
 * @param verdict the worse of what both measures say
 * @param psi population stability index over the bins between the quantiles of training,
 * 0 or more
 * @param meanShift live mean less training's, in standard deviations of training; 1000 at
 * most, and where training saw one value only
 * @param liveMean of the samples in the window
 * @param trainingMean of all rows of training
 * @param missingShare share of samples that are 0 though training never saw a 0, which is
 * how callers send what they do not have
 * @param constant whether all samples have one value, though training saw several
 */
public record FeatureDrift(String feature, DriftVerdict verdict, double psi, double meanShift, double liveMean,
        double trainingMean, double missingShare, boolean constant) {
}
