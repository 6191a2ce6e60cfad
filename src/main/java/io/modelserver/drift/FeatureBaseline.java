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
 */
public record FeatureBaseline(String name, double mean, double std, List<Double> quantiles) {

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

    /** Callers that lack a value send 0: that shows where training never saw one. */
    boolean neverZero() {
        return quantiles.getFirst() > 0 || quantiles.getLast() < 0;
    }

}
