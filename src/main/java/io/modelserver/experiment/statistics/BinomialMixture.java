package io.modelserver.experiment.statistics;

import org.apache.commons.numbers.gamma.LogBeta;

/**
 * Bounds of a probability that hold at all looks at once, exactly and from the first
 * sample on: the likelihood ratio of "some probability, drawn from Beta(½, ½)" to "p" is
 * a martingale if p is true, so it ever reaches 1 ∕ α with probability α at most.
 * <p>
 * Source: Howard, Ramdas, McAuliffe and Sekhon, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", Annals of Statistics 49 (2021), section on
 * conjugate mixtures.
 *
 * @param alpha the error probability
 */
public record BinomialMixture(double alpha) {

    private static final double PRIOR = 0.5;

    private static final int HALVINGS = 50;

    /**
     * {@return the least probability that is not ruled out}
     * @param hits how many samples were hits
     * @param samples how many there are, at least 1
     */
    public double lower(long hits, long samples) {
        if (hits == 0) {
            return 0;
        }
        double ruledOut = 0;
        double possible = (double) hits / samples;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (ruledOut + possible) / 2;
            if (rulesOut(middle, hits, samples)) {
                ruledOut = middle;
            }
            else {
                possible = middle;
            }
        }
        return ruledOut;
    }

    /**
     * {@return the greatest probability that is not ruled out}
     * @param hits how many samples were hits
     * @param samples how many there are, at least 1
     */
    public double upper(long hits, long samples) {
        return 1 - lower(samples - hits, samples);
    }

    /**
     * {@return whether the given probability, between 0 and 1, is ruled out}
     * @param probability the hypothesis
     * @param hits how many samples were hits
     * @param samples how many there are, at least 1
     */
    public boolean rulesOut(double probability, long hits, long samples) {
        long misses = samples - hits;
        double mixture = LogBeta.value(hits + PRIOR, misses + PRIOR) - LogBeta.value(PRIOR, PRIOR);
        double likelihood = hits * Math.log(probability) + misses * Math.log1p(-probability);
        return mixture - likelihood >= -Math.log(alpha);
    }

}
