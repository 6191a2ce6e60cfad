package io.modelserver.drift;

import java.util.List;

/**
 * What a model saw of one feature in training.
 *
 * @param name the feature's dotted path
 * @param mean of all rows
 * @param std standard deviation of all rows, 0 or more
 * @param quantiles at equal steps from the least value to the greatest; at least two,
 * ascending
 * @param bins into which live values are counted
 * @param window over which the feature is judged
 * @param missing the share of rows that had no value, from 0 to 1; NaN if that is not
 * known
 */
public record FeatureBaseline(String name, double mean, double std, List<Double> quantiles, Bins bins,
        FeatureWindow window, double missing) {

    /**
     * One of which is not known how often it was missing.
     * @param name the feature's dotted path
     * @param mean of all rows
     * @param std standard deviation of all rows, 0 or more
     * @param quantiles at equal steps from the least value to the greatest; at least two,
     * ascending
     * @param bins into which live values are counted
     * @param window over which the feature is judged
     */
    public FeatureBaseline(String name, double mean, double std, List<Double> quantiles, Bins bins,
            FeatureWindow window) {
        this(name, mean, std, quantiles, bins, window, Double.NaN);
    }

    /**
     * Takes a copy of the quantiles. Rejects a mean that is not finite, a negative
     * deviation, and quantiles that are fewer than two or do not ascend.
     */
    public FeatureBaseline {
        quantiles = List.copyOf(quantiles);
        if (quantiles.size() < 2 || !(std >= 0) || !Double.isFinite(mean)) {
            throw new IllegalArgumentException(
                    name + " needs a finite mean, a std of 0 or more and at least two quantiles");
        }
        for (int i = 1; i < quantiles.size(); i++) {
            if (!(quantiles.get(i) >= quantiles.get(i - 1))) {
                throw new IllegalArgumentException("the quantiles of " + name + " must ascend");
            }
        }
    }

    /**
     * Creates a baseline from quantiles, without windows of training.
     * @param name the feature's dotted path
     * @param mean of all rows
     * @param std standard deviation of all rows, 0 or more
     * @param quantiles at equal steps from the least value to the greatest; at least two,
     * ascending
     */
    public FeatureBaseline(String name, double mean, double std, List<Double> quantiles) {
        this(name, mean, std, quantiles, Bins.between(quantiles), FeatureWindow.FIXED);
    }

    /** Callers that lack a value send 0: that shows where training never saw one. */
    boolean neverZero() {
        return quantiles.getFirst() > 0 || quantiles.getLast() < 0;
    }

    /**
     * {@return whether training saw one value only, as float32}
     */
    boolean constant() {
        return least() == greatest();
    }

    /**
     * {@return the range of training and its width again on either side, as float32: what
     * lies beyond is something else, also for a feature that wanders}
     */
    Span wideRange() {
        double width = (double) greatest() - least();
        return new Span(Math.nextDown(least()) - width, Math.nextUp(greatest()) + width);
    }

    /**
     * Training's numbers are decimals of float32 values, live ones are float32: where
     * both are the same float, nothing has shifted.
     */
    double difference(double liveMean) {
        float training = (float) mean;
        double difference = liveMean - mean;
        return (Math.abs(liveMean - training) <= Math.ulp(training)) ? 0 : difference;
    }

    private float least() {
        return quantiles.getFirst().floatValue();
    }

    private float greatest() {
        return quantiles.getLast().floatValue();
    }

    record Span(double from, double to) {

        boolean holds(float value) {
            return value >= from && value <= to;
        }

    }

}
