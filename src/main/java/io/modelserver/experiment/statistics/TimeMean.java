package io.modelserver.experiment.statistics;

/**
 * A mean of which {@link TimeSums} has signals and scores by time.
 *
 * @param signals the figure that counts signals
 * @param scores the figure that sums their scores
 * @param value the mean
 * @param total how many signals it is of
 */
public record TimeMean(int signals, int scores, double value, double total) {

    /**
     * {@return what a stretch of time adds to the mean's deviation from the truth, if the
     * mean is the truth}
     */
    double error(double[] sums) {
        return (sums[scores] - value * sums[signals]) / total;
    }

}
